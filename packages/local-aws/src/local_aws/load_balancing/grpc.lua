-- HTTP 464: a gRPC request whose target group speaks HTTP/1.1.
-- Source: "HTTP 464" in "Troubleshoot your Application Load Balancers".
--
-- Only for requests whose Content-Type is gRPC's. Their metadata: is_forwarded.

local REFUSED = "local_aws.grpc"

function envoy_on_request(handle)
  -- gRPC is spoken over HTTP/2 alone.
  if handle:streamInfo():protocol() ~= "HTTP/2" or not handle:metadata():get("is_forwarded") then return end
  handle:streamInfo():dynamicMetadata():set(REFUSED, "status", "464")
  handle:respond({[":status"] = "464", ["server"] = "awselb/2.0"}, "")
end

-- Envoy makes a gRPC error of its own answers to such requests; ALB's is one of HTTP.
function envoy_on_response(handle)
  local refused = handle:streamInfo():dynamicMetadata():get(REFUSED)
  if not refused then return end
  local headers = handle:headers()
  headers:replace(":status", refused["status"])
  for _, name in ipairs({"grpc-status", "grpc-message", "content-type"}) do headers:remove(name) end
end
