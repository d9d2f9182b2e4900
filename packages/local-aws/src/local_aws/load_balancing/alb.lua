-- What an Application Load Balancer does to every request and Envoy has no setting for:
-- request limits, desync mitigation, the client's address, the trace id, and redirects with
-- placeholders.
-- Sources: "Quotas", "Troubleshoot your Application Load Balancers", "HTTP headers", "Request
-- tracing", "Load balancer attributes" and "Redirect actions" in the ALB guide.

local LINE_BYTES = 16 * 1024
local HEADER_BYTES = 16 * 1024
local TRACED_BYTES = 7 * 1024     -- of all headers: beyond it a trace begins anew
local MOST_FORWARDED_FOR = 30     -- addresses in X-Forwarded-For
local TRANSFER_ENCODING = "x-local-aws-transfer-encoding"  -- as it came (listeners.py)
local LOG = "local_aws.access_log"  -- what it says of a request (access_log.py)
local TITLES = {
  ["301"] = "301 Moved Permanently", ["302"] = "302 Found",
  ["400"] = "400 Bad Request", ["405"] = "405 Not Allowed", ["414"] = "414 Request-URI Too Large",
}

-- Each worker has its own Lua state, and the address of a fresh table differs between them.
math.randomseed(os.time() + tonumber(tostring({}):match("0x(%x+)"), 16) % 2147483647)

-- A status of ALB's own, such as 463, has no page.
local function answer(handle, status, headers)
  local title = TITLES[status]
  headers[":status"] = status
  headers["server"] = "awselb/2.0"
  if not title then return handle:respond(headers, "") end
  headers["content-type"] = "text/html"
  handle:respond(headers, "<html>\r\n<head><title>" .. title .. "</title></head>\r\n<body>\r\n<center><h1>"
    .. title .. "</h1></center>\r\n</body>\r\n</html>\r\n")
end

local function random_hex(digits)
  local parts = {}
  for i = 1, digits do parts[i] = string.format("%x", math.random(0, 15)) end
  return table.concat(parts)
end

-- `bytes` is what all headers of the request have.
local function trace_id(received, bytes)
  local id = string.format("1-%08x-%s", os.time(), random_hex(24))
  if not received or received == "" or bytes > TRACED_BYTES then return "Root=" .. id end
  local fields = {"Self=" .. id}
  for field in received:gmatch("[^;]+") do
    if not field:find("^%s*Self=") then fields[#fields + 1] = field end
  end
  return table.concat(fields, ";")
end

-- The status with which a request is refused before any rule is looked at; nil for none.
local function refusal(headers, forwarded_for)
  local method, path = headers:get(":method"), headers:get(":path")
  if method == "TRACE" then return "405" end
  if method == "CONNECT" then return "400" end
  if #method + #path + #"  HTTP/1.1" > LINE_BYTES then return "414" end
  if forwarded_for then
    local _, commas = forwarded_for:gsub(",", "")
    if commas >= MOST_FORWARDED_FOR then return "463" end
  end
end

-- Envoy would append the address without the space that AWS has. Where there is none yet, routes.py
-- adds it.
local function with_client(forwarded_for, stream, has_port)
  local client = stream:downstreamDirectRemoteAddress()
  if not has_port then client = client:gsub(":%d+$", "") end
  return forwarded_for == "" and client or forwarded_for .. ", " .. client
end

local function location(redirect, headers)
  local path, query = headers:get(":path"):match("^/?([^?]*)%??(.*)$")
  local authority = headers:get(":authority") or ""
  local host, port = authority:match("^(.*):(%d*)$")
  host = host or authority
  local values = {
    protocol = redirect.listener_protocol, host = host, port = redirect.listener_port, path = path,
    query = query,
  }
  local function fill(template)
    return (template:gsub("#{(%l+)}", values))
  end
  local wanted_host, wanted_port = fill(redirect.host), fill(redirect.port)
  if port == redirect.local_port and wanted_host == host then
    -- The client came to the loopback port of this listener: so it must go to that of another.
    wanted_port = redirect.local_ports[wanted_port] or wanted_port
  end
  local target = fill(redirect.protocol):lower() .. "://" .. wanted_host .. ":" .. wanted_port
    .. fill(redirect.path)
  local filled_query = fill(redirect.query)
  if filled_query ~= "" then target = target .. "?" .. filled_query end
  return target
end

-- What desync mitigation has against a header, in the classes of
-- https://github.com/aws/http-desync-guardian; nil: it is compliant.
local AMBIGUOUS, ACCEPTABLE = "Ambiguous", "Acceptable"
local FRAMING = {contentlength = "content-length", transferencoding = "transfer-encoding"}
local FEWEST_LETTERS = #"contentlength"

-- Of chunks and lengths that the method or the version of HTTP does not have; also the reason.
local function framing_class(headers, protocol)
  local method = headers:get(":method")
  local takes_body = method ~= "GET" and method ~= "HEAD"
  if headers:get(TRANSFER_ENCODING) and (not takes_body or protocol == "HTTP/1.0") then
    return AMBIGUOUS, "UndefinedTransferEncodingSemantics"
  end
  local length = not takes_body and headers:get("content-length")
  if length == "0" then return ACCEPTABLE, "GetHeadZeroContentLength" end
  if length then return AMBIGUOUS, "UndefinedContentLengthSemantics" end
end

-- Of a header; values are looked at in the mode "strictest" only. Also the reason.
local function header_class(name, value, is_strict)
  if #name >= FEWEST_LETTERS and name:find("^%A*[ct]") then
    local framing = FRAMING[(name:gsub("%A", ""))]
    if framing and framing ~= name then return AMBIGUOUS, "SuspiciousHeader" end
  end
  if is_strict and value:find("[^\t -~]") and name:sub(1, 1) ~= ":" then
    return ACCEPTABLE, "NonCompliantHeader"
  end
end

local function note(handle, key, value)
  handle:streamInfo():dynamicMetadata():set(LOG, key, value)
end

local function refuse(handle, status, is_logged)
  if is_logged then note(handle, "refused", status) end
  answer(handle, status, {})
end

function envoy_on_request(handle)
  local headers = handle:headers()
  local forwarded_for = headers:get("x-forwarded-for")
  local refused = refusal(headers, forwarded_for)
  local settings, stream = handle:metadata(), handle:streamInfo()
  local is_logged = settings:get("is_logged")
  if refused then return refuse(handle, refused, is_logged) end
  local protocol, mode = stream:protocol(), settings:get("desync_mitigation")
  -- HTTP/2 frames its requests itself: all are compliant.
  local is_judged = (mode ~= "monitor" or is_logged) and protocol ~= "HTTP/2"
  local is_strict = mode == "strictest"
  local class, reason, bytes = nil, nil, 0
  if is_judged then class, reason = framing_class(headers, protocol) end
  for name, value in pairs(headers) do
    if #name + #value > HEADER_BYTES then return refuse(handle, "400", is_logged) end
    bytes = bytes + #name + #value
    if is_judged and class ~= AMBIGUOUS then
      local found, why = header_class(name, value, is_strict)
      if found then class, reason = found, why end
    end
  end
  if class and is_logged then
    note(handle, "classification", class)
    note(handle, "reason", reason)
  end
  if class and is_strict then
    stream:drainConnectionUponCompletion()
    return refuse(handle, "400", is_logged)
  end
  if class == AMBIGUOUS and mode ~= "monitor" then stream:drainConnectionUponCompletion() end
  headers:replace("x-amzn-trace-id", trace_id(headers:get("x-amzn-trace-id"), bytes))
  local redirect = settings:get("redirect")
  if redirect ~= nil then
    local status = string.format("%d", redirect.status_code)
    return answer(handle, status, {["location"] = location(redirect, headers)})
  end
  if forwarded_for and settings:get("forwarded_for") == "append" then
    headers:replace("x-forwarded-for", with_client(forwarded_for, stream, settings:get("has_client_port")))
  end
end
