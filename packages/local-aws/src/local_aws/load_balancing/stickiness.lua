-- Sticky sessions: cookies that name the target, and the target group, of a client's requests.
-- Sources: "Edit target group attributes" (sticky sessions) and "Forward actions" in the ALB guide.
--
-- Only on routes that have it. Their context:
-- groups         {{cluster, weight, seconds, app_cookie}}; no seconds: its targets are not sticky
-- group_seconds  how long the target group is kept; absent: for one request
--
-- A cookie's value is what it names and until when, in hexadecimal digits. It is not signed: who
-- makes one up reaches a target that the same rule forwards to.

local CLUSTER = "x-local-aws-cluster"       -- on requests: the cluster of the route
local TARGET = "x-local-aws-target"         -- on responses: the address that answered
local LONGEST_SECONDS = 7 * 24 * 3600       -- of an application-based cookie
local STATE = "local_aws.stickiness"

math.randomseed(os.time() + tonumber(tostring({}):match("0x(%x+)"), 16) % 2147483647)

local function encode(name, expires)
  return ((expires .. " " .. name):gsub(".", function(c) return string.format("%02x", c:byte()) end))
end

local function decode(value)
  if not value or #value % 2 == 1 or value:find("%X") then return nil end
  local text = value:gsub("%x%x", function(digits) return string.char(tonumber(digits, 16)) end)
  local expires, name = text:match("^(%d+) (.+)$")
  if expires and tonumber(expires) >= os.time() then return name end
  return nil
end

local function cookies_of(headers)
  local cookies = {}
  for name, value in (headers:get("cookie") or ""):gmatch("([^=;,%s]+)=([^;,]*)") do
    cookies[name] = cookies[name] or value
  end
  return cookies
end

local function named_by(cookies, name)
  return decode(cookies[name]) or decode(cookies[name .. "CORS"])
end

local function by_weight(groups)
  local sum = 0
  for _, group in ipairs(groups) do sum = sum + group.weight end
  local left = math.random() * sum
  for _, group in ipairs(groups) do
    left = left - group.weight
    if left < 0 then return group end
  end
  return groups[#groups]
end

local function group_for(context, cookies)
  local groups = context:get("groups")
  if context:get("group_seconds") then
    local wanted = named_by(cookies, "AWSALBTG")
    for _, group in ipairs(groups) do
      if group.cluster == wanted then return group end
    end
  end
  return by_weight(groups)
end

-- The target that a client's cookies name, if it has those of this kind of stickiness.
local function target_for(group, cookies)
  if not group.app_cookie then return named_by(cookies, "AWSALB") end
  return cookies[group.app_cookie] and decode(cookies["AWSALBAPP-0"])
end

function envoy_on_request(handle)
  local context, headers = handle:filterContext(), handle:headers()
  local cookies = cookies_of(headers)
  local group = group_for(context, cookies)
  local target = group.seconds and target_for(group, cookies)
  handle:streamInfo():dynamicMetadata():set(STATE, "chosen", {
    cluster = group.cluster, group_seconds = context:get("group_seconds"), seconds = group.seconds,
    app_cookie = group.app_cookie, is_sticky = target and true or false,
    attributes = headers:get("x-forwarded-proto") == "https" and "; SameSite=None; Secure"
      or "; SameSite=None",
  })
  headers:replace(CLUSTER, group.cluster)
  handle:clearRouteCache()
  if target then handle:setUpstreamOverrideHost(target) end
end

local function sets(headers, cookie)
  for i = 0, headers:getNumValues("set-cookie") - 1 do
    if headers:getAtIndex("set-cookie", i):match("^%s*([^=;%s]+)") == cookie then return true end
  end
  return false
end

function envoy_on_response(handle)
  local headers = handle:headers()
  local target = headers:get(TARGET)
  headers:remove(TARGET)
  local state = handle:streamInfo():dynamicMetadata():get(STATE)
  if not target or target == "" or target == "-" or not state then return end
  local chosen = state["chosen"]

  local function set(cookie, value, seconds, attributes)
    local expires = os.date("!%a, %d %b %Y %H:%M:%S GMT", os.time() + seconds)
    headers:add("set-cookie", cookie .. "=" .. value .. "; Expires=" .. expires .. "; Path=/" .. attributes)
  end

  local function set_both(cookie, name, seconds)
    local value = encode(name, os.time() + seconds)
    set(cookie, value, seconds, "")
    set(cookie .. "CORS", value, seconds, chosen.attributes)
  end

  if chosen.group_seconds then set_both("AWSALBTG", chosen.cluster, chosen.group_seconds) end
  if chosen.app_cookie then
    if chosen.is_sticky or sets(headers, chosen.app_cookie) then
      set("AWSALBAPP-0", encode(target, os.time() + chosen.seconds), LONGEST_SECONDS, "")
    end
  elseif chosen.seconds then
    set_both("AWSALB", target, chosen.seconds)
  end
end
