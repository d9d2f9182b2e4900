-- What an Application Load Balancer does to every request and Envoy has no setting for:
-- request limits, desync mitigation, the trace id, header names that are dropped, and redirects with
-- placeholders.
-- Sources: "Quotas", "Troubleshoot your Application Load Balancers", "Request tracing", "Load balancer
-- attributes" and "Redirect actions" in the ALB guide.

local LINE_BYTES = 16 * 1024
local HEADER_BYTES = 16 * 1024
local TRACED_BYTES = 7 * 1024     -- of all headers: beyond it a trace begins anew
local MOST_FORWARDED_FOR = 30     -- addresses in X-Forwarded-For
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
local function refusal(headers)
  local method, path = headers:get(":method"), headers:get(":path")
  if method == "TRACE" then return "405" end
  if #method + #path + #"  HTTP/1.1" > LINE_BYTES then return "414" end
  local _, commas = (headers:get("x-forwarded-for") or ""):gsub(",", "")
  if commas >= MOST_FORWARDED_FOR then return "463" end
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

-- "names that do not conform to the regular expression [-A-Za-z0-9]+"; Envoy's own begin with a colon.
local function is_invalid(name)
  return name:find("[^%w%-]") ~= nil and name:sub(1, 1) ~= ":"
end

-- What desync mitigation in the mode "strictest" refuses and Envoy takes. The classes are those of
-- https://github.com/aws/http-desync-guardian: NonCompliantHeader, SuspiciousHeader,
-- GetHeadZeroContentLength and UndefinedContentLengthSemantics. Transfer-Encoding is not seen here.
local FRAMING = {contentlength = "content-length", transferencoding = "transfer-encoding"}
local function is_compliant(name, value, method)
  local framing = FRAMING[(name:gsub("%A", ""))]
  if framing then return framing == name and method ~= "GET" and method ~= "HEAD" end
  return name:sub(1, 1) == ":" or not value:find("[^\t -~]")
end

function envoy_on_request(handle)
  local headers = handle:headers()
  local refused = refusal(headers)
  if refused then return answer(handle, refused, {}) end
  local settings, dropped, bytes = handle:metadata(), {}, 0
  local drops_invalid = settings:get("drops_invalid_headers")
  -- HTTP/2 frames its requests itself: all are compliant.
  local is_strict = settings:get("desync_mitigation") == "strictest"
    and handle:streamInfo():protocol() ~= "HTTP/2"
  local method = headers:get(":method")
  for name, value in pairs(headers) do
    if #name + #value > HEADER_BYTES then return answer(handle, "400", {}) end
    if is_strict and not is_compliant(name, value, method) then
      return answer(handle, "400", {})
    end
    bytes = bytes + #name + #value
    if drops_invalid and is_invalid(name) then dropped[#dropped + 1] = name end
  end
  for _, name in ipairs(dropped) do headers:remove(name) end
  local redirect = settings:get("redirect")
  if redirect ~= nil then
    local status = string.format("%d", redirect.status_code)
    return answer(handle, status, {["location"] = location(redirect, headers)})
  end
  headers:replace("x-amzn-trace-id", trace_id(headers:get("x-amzn-trace-id"), bytes))
end
