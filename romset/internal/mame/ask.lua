-- Writes down what a machine's memory regions, address spaces and input ports
-- hold after loading, into the folder that MAME runs in. Needs -debug.
if asked then return end
asked = true
local m = manager.machine
local function n(v) return v == nil and "-" or tostring(v) end
local function b(v) return v and "1" or "0" end

emu.register_frame_done(function()
  if answered then return end
  answered = true
  local out = assert(io.open("answer.txt", "wb"))
  local function line(...) out:write(table.concat({...}, "\t"), "\n") end

  local i = 0
  for tag, r in pairs(m.memory.regions) do
    i = i + 1
    m.debugger:command(string.format("saver %d.bin,0,0x%x,%s", i, r.size, tag))
    line("region", i, tag:sub(2), r.size, r.bytewidth, n(r.endianness))
  end
  for spec in (os.getenv("ASK_SPACES") or ""):gmatch("%S+") do
    local cpu, space, addr, len = spec:match("^([^/]+)/([^@]+)@(%x+)%+(%x+)$")
    local dev = m.devices[":" .. cpu]
    local sp = dev and dev.spaces[space]
    if sp then
      addr, len = tonumber(addr, 16), tonumber(len, 16)
      i = i + 1
      local f = assert(io.open(i .. ".bin", "wb"))
      f:write(sp:read_range(addr, addr + len - 1, 8))
      f:close()
      line("space", i, spec, len)
    end
  end
  for tag, d in pairs(m.devices) do
    for name in pairs(d.spaces) do line("has", tag:sub(2), name) end
  end

  local tokens = {}
  for _, t in pairs(m.ioport.types) do tokens[t.type .. "/" .. t.player] = t.token end
  for _, p in pairs(m.ioport.ports) do
    line("port", p.tag, p:read())
    for _, f in pairs(p.fields) do
      line("field", p.tag, f.name, f.mask, f.defvalue, f.type, tokens[f.type .. "/" .. f.player] or "-", f.type_class, f.player,
        n(f.way), b(f.is_analog), n(f.minvalue), n(f.maxvalue), n(f.sensitivity), n(f.delta), n(f.centerdelta), b(f.analog_reverse),
        b(f.analog_reset), b(f.analog_wraps), b(f.analog_invert), b(f.optional), b(f.cocktail), b(f.toggle), b(f.rotated), n(f.impulse))
      for v, s in pairs(f.settings) do line("value", v, s) end
    end
  end
  out:close()
  m:exit()
end)
