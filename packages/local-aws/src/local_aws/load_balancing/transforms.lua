-- Puts the URL and the host of a rule's transforms into a request (transforms.py).
-- Source: "Transforms for listener rules" in the ALB guide: one that fails is an HTTP 500 error.
--
-- Only on routes that have it. Their context: headers {":path", ":authority"}, those to replace.

local REWRITTEN = "local_aws.transforms"
local LOG = "local_aws.access_log"  -- access_log.py
local NAMES = {[":path"] = "path", [":authority"] = "host"}
local INVALID = {[":path"] = "TransformInvalidPath", [":authority"] = "TransformInvalidHost"}
local VALID = {[":path"] = "^/[!-~]*$", [":authority"] = "^[!-~]+$"}

function envoy_on_request(handle)
  local noted = handle:streamInfo():dynamicMetadata()
  local rewritten = noted:get(REWRITTEN) or {}
  for _, header in ipairs(handle:filterContext():get("headers")) do
    local value = rewritten[header]
    if not value or not value:find(VALID[header]) then
      noted:set(LOG, "transform", INVALID[header])
      return handle:respond({
        [":status"] = "500", ["server"] = "awselb/2.0", ["content-type"] = "text/html",
      }, "<html>\r\n<head><title>500 Internal Server Error</title></head>\r\n<body>\r\n"
        .. "<center><h1>500 Internal Server Error</h1></center>\r\n</body>\r\n</html>\r\n")
    end
    noted:set(LOG, NAMES[header], handle:headers():get(header))
    handle:headers():replace(header, value)
  end
  noted:set(LOG, "transform", "TransformSuccess")
end
