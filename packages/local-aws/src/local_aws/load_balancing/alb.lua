-- What an Application Load Balancer does to every request and Envoy has no setting for:
-- request limits, the trace id, header names that are dropped, and redirects with placeholders.
-- Sources: "Quotas", "Request tracing", "Load balancer attributes" and "Redirect actions" in the ALB guide.

local LINE_BYTES = 16 * 1024
local HEADER_BYTES = 16 * 1024
local TITLES = {
  ["301"] = "301 Moved Permanently", ["302"] = "302 Found",
  ["400"] = "400 Bad Request", ["414"] = "414 Request-URI Too Large",
}

-- Each worker has its own Lua state, and the address of a fresh table differs between them.
math.randomseed(os.time() + tonumber(tostring({}):match("0x(%x+)"), 16) % 2147483647)

local function answer(handle, status, headers)
  local title = TITLES[status]
  headers[":status"] = status
  headers["server"] = "awselb/2.0"
  headers["content-type"] = "text/html"
  handle:respond(headers, "<html>\r\n<head><title>" .. title .. "</title></head>\r\n<body>\r\n<center><h1>"
    .. title .. "</h1></center>\r\n</body>\r\n</html>\r\n")
end

local function random_hex(digits)
  local parts = {}
  for i = 1, digits do parts[i] = string.format("%x", math.random(0, 15)) end
  return table.concat(parts)
end

local function trace_id(handle, received)
  local id = string.format("1-%08x-%s", os.time(), random_hex(24))
  if received == nil or received == "" then return "Root=" .. id end
  return "Self=" .. id .. ";" .. received
end

local function location(redirect, headers)
  local path, query = headers:get(":path"):match("^/?([^?]*)%??(.*)$")
  local host, port = (headers:get(":authority") or ""):match("^(.-):?(%d*)$")
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

function envoy_on_request(handle)
  local headers = handle:headers()
  if #headers:get(":path") > LINE_BYTES then return answer(handle, "414", {}) end
  local settings, dropped = handle:metadata(), {}
  local drops_invalid = settings:get("drops_invalid_headers")
  for name, value in pairs(headers) do
    if #name + #value > HEADER_BYTES then return answer(handle, "400", {}) end
    if drops_invalid and is_invalid(name) then dropped[#dropped + 1] = name end
  end
  for _, name in ipairs(dropped) do headers:remove(name) end
  local redirect = settings:get("redirect")
  if redirect ~= nil then
    local status = string.format("%d", redirect.status_code)
    return answer(handle, status, {["location"] = location(redirect, headers)})
  end
  headers:replace("x-amzn-trace-id", trace_id(handle, headers:get("x-amzn-trace-id")))
end
