package inputmap

import (
	"slices"
	"testing"

	"arcade/cmd/arcade/toy"
	"arcade/machine"
)

func TestSourceNames(t *testing.T) {
	var all State
	for i := range all.Keys {
		all.Keys[i] = ^uint64(0)
	}
	var names []string
	var sources []Source
	for i := range keyNames {
		sources = append(sources, source(kindKey, 0, i))
	}
	for i := range mouseNames {
		sources = append(sources, source(kindMouse, 0, i))
	}
	for pad := range MaxPads {
		for i := range MaxButtons {
			sources = append(sources, PadButton(pad, i))
		}
		for i := range MaxSticks {
			sources = append(sources, PadStick(pad, i, false), PadStick(pad, i, true))
		}
		for i := range MaxRawButtons {
			sources = append(sources, PadRawButton(pad, i))
		}
		for i := range MaxRawAxes {
			sources = append(sources, PadRawAxis(pad, i, false), PadRawAxis(pad, i, true))
		}
	}
	for _, s := range sources {
		name := s.String()
		if slices.Contains(names, name) {
			t.Errorf("two sources are called %s", name)
		}
		names = append(names, name)
		if got, err := ParseSource(name); err != nil || got != s {
			t.Errorf("%s is read as %v, %v", name, got, err)
		}
	}
	for _, bad := range []string{"", "Up", "Pad0.A", "Pad9.A", "Pad1.", "Pad1.Axis0+", "Pad1.Axis1", "Pad1.Button33", "Mouse.Z", "none"} {
		if s, err := ParseSource(bad); err == nil {
			t.Errorf("%q is read as %v", bad, s)
		}
	}
}

func TestDefaultsAreSources(t *testing.T) {
	b := Defaults()
	for _, a := range Hotkeys() {
		if len(b[a]) == 0 {
			t.Errorf("hotkey %q has no key", a)
		}
	}
	// No key does two things, but for what only some machines have.
	seen := map[Source]Action{}
	for _, a := range slices.Sorted(func(yield func(Action) bool) {
		for a := range b {
			if !yield(a) {
				return
			}
		}
	}) {
		for _, s := range b[a] {
			if other, ok := seen[s]; ok && s.IsKey() && a[0] != 'P' && other[0] != 'P' {
				t.Errorf("%v does %q and %q", s, other, a)
			}
			seen[s] = a
		}
	}
}

func toyInputs(t *testing.T) *machine.Inputs {
	t.Helper()
	m, err := toy.New(toy.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return m.Inputs
}

// hold makes a state in which sources are held.
func hold(t *testing.T, names ...string) *State {
	t.Helper()
	var s State
	for _, n := range names {
		src, err := ParseSource(n)
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case src.IsKey():
			s.SetKey(src.code(), true)
		case src.kind() == kindPad && src.code() < MaxButtons:
			s.Pads[src.pad()].Buttons |= 1 << src.code()
		case src.kind() == kindPad && src.code() >= padRawAxes:
			v := float32(1)
			if src.code()&1 == 0 {
				v = -1
			}
			s.Pads[src.pad()].Axes[(src.code()-padRawAxes)/2] = v
		case src.kind() == kindPad && src.code() >= padRawButtons:
			s.Pads[src.pad()].Raw |= 1 << (src.code() - padRawButtons)
		case src.kind() == kindPad:
			v := float32(1)
			if src.code()&1 == 0 {
				v = -1
			}
			s.Pads[src.pad()].Sticks[(src.code()-padSticks)/2] = v
		default:
			s.Mouse.Buttons |= 1 << src.code()
		}
		if !s.Pressed(src) {
			t.Fatalf("%s is not held by its own state", n)
		}
	}
	return &s
}

func TestDefaultKeysReachTheMachine(t *testing.T) {
	in := toyInputs(t)
	m := NewMapper(in, Config{Bindings: Defaults()})
	for _, c := range []struct {
		source string
		seat   int
		bit    uint32
	}{
		{"ArrowUp", 0, machine.Up}, {"ArrowLeft", 0, machine.Left}, {"ControlLeft", 0, machine.Button1}, {"AltLeft", 0, machine.Button2},
		{"Digit1", 0, machine.Start}, {"R", 1, machine.Up}, {"G", 1, machine.Right}, {"A", 1, machine.Button1}, {"Digit2", 1, machine.Start},
		{"Pad1.DpadDown", 0, machine.Down}, {"Pad1.LeftStickRight", 0, machine.Right}, {"Pad1.A", 0, machine.Button1},
		{"Pad2.B", 1, machine.Button2}, {"Pad2.Start", 1, machine.Start}, {"Pad2.Button1", 1, machine.Button1}, {"Pad1.Axis2-", 0, machine.Up},
		{"Digit5", -1, machine.Coin1}, {"Pad1.Back", -1, machine.Coin1}, {"Digit9", -1, machine.Service1},
	} {
		got := m.Frame(hold(t, c.source))
		want := in.Released()
		if c.seat < 0 {
			want.System = c.bit
		} else {
			want.Seats[c.seat].Buttons = c.bit
		}
		got.Seats[0].Axes, want.Seats[0].Axes = [machine.MaxAxes]int16{}, [machine.MaxAxes]int16{}
		if got != want {
			t.Errorf("%s gives %+v, want %+v", c.source, got, want)
		}
		if got := m.Frame(&State{}); got.Seats[0].Buttons|got.Seats[1].Buttons|got.System != 0 {
			t.Errorf("after %s something stays held: %+v", c.source, got)
		}
	}
}

func TestTestSwitchStays(t *testing.T) {
	m := NewMapper(toyInputs(t), Config{Bindings: Defaults()})
	var got []bool
	for _, held := range []bool{true, true, false, false, true, false} {
		s := &State{}
		if held {
			s = hold(t, "F2")
		}
		in := m.Frame(s)
		got = append(got, in.System&machine.ServiceMode != 0)
	}
	if want := []bool{true, true, true, true, false, false}; !slices.Equal(got, want) {
		t.Errorf("the test switch was %v, want %v", got, want)
	}
}

func TestAutofireCountsFrames(t *testing.T) {
	m := NewMapper(toyInputs(t), Config{Bindings: Defaults(), Autofire: map[Action]Autofire{"P1 Button 1": {2, 3}}})
	s := hold(t, "ControlLeft", "AltLeft")
	var got []int
	for range 12 {
		in := m.Frame(s)
		if in.Seats[0].Buttons&machine.Button2 == 0 {
			t.Fatal("the other button is let go too")
		}
		got = append(got, int(in.Seats[0].Buttons>>4&1))
	}
	if want := []int{1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 1, 1}; !slices.Equal(got, want) {
		t.Errorf("autofire 2 on 3 off gave %v, want %v", got, want)
	}
	// Pressed anew, it begins anew.
	m.Frame(&State{})
	if in := m.Frame(s); in.Seats[0].Buttons&machine.Button1 == 0 {
		t.Error("the first frame of a press does not count")
	}
}

func TestSOCD(t *testing.T) {
	// Left, then right too, then left only; and up with down at once.
	steps := [][]string{{"ArrowLeft"}, {"ArrowLeft", "ArrowRight"}, {"ArrowLeft", "ArrowRight"}, {"ArrowRight"}, {"ArrowUp", "ArrowDown"}}
	const l, r, u, d = machine.Left, machine.Right, machine.Up, machine.Down
	for mode, want := range map[SOCD][]uint32{
		SOCDNeutral: {l, 0, 0, r, 0},
		SOCDLast:    {l, r, r, r, d},
		SOCDFirst:   {l, l, l, r, u},
		SOCDUp:      {l, 0, 0, r, u},
		SOCDOff:     {l, l | r, l | r, r, u | d},
	} {
		m := NewMapper(toyInputs(t), Config{Bindings: Defaults(), SOCD: mode})
		for i, keys := range steps {
			in := m.Frame(hold(t, keys...))
			if got := in.Seats[0].Buttons; got != want[i] {
				t.Errorf("%s: step %d (%v) gives %#x, want %#x", SOCDNames[mode], i, keys, got, want[i])
			}
		}
	}
}

func TestFourWayStick(t *testing.T) {
	in := toyInputs(t)
	for i := range in.Fields {
		if in.Fields[i].Kind == machine.KindButton {
			in.Fields[i].Ways = 4
		}
	}
	m := NewMapper(in, Config{Bindings: Defaults()})
	for i, c := range []struct {
		keys []string
		want uint32
	}{
		{[]string{"ArrowLeft"}, machine.Left},
		{[]string{"ArrowLeft", "ArrowUp"}, machine.Up},
		{[]string{"ArrowLeft", "ArrowUp"}, machine.Up},
		{[]string{"ArrowLeft"}, machine.Left},
		{[]string{"ArrowUp"}, machine.Up},
		{[]string{"ArrowUp", "ArrowRight"}, machine.Right},
	} {
		got := m.Frame(hold(t, c.keys...))
		if got.Seats[0].Buttons != c.want {
			t.Errorf("step %d: %v gives %#x, want %#x", i, c.keys, got.Seats[0].Buttons, c.want)
		}
	}
}

func TestDial(t *testing.T) {
	in := toyInputs(t)
	m := NewMapper(in, Config{Bindings: Defaults()})
	pos := func(s *State) int {
		in := m.Frame(s)
		return int(in.Seats[0].Axes[0])
	}
	if got := pos(hold(t, "ArrowRight")); got != 5 { // 10 a frame at 50 %
		t.Errorf("one frame of a key moves the dial to %d, want 5", got)
	}
	if got := pos(&State{}); got != 5 {
		t.Errorf("let go, the dial goes to %d", got)
	}
	if got := pos(&State{Mouse: Mouse{X: -20}}); got != -5 {
		t.Errorf("20 counts of the mouse to the left lead to %d, want -5", got)
	}
	// A stick that springs back.
	for i := range in.Fields {
		if in.Fields[i].Kind == machine.KindAxis {
			in.Fields[i].Range = machine.Range{Min: 0, Max: 255, KeyDelta: 64, Sensitivity: 100}
			in.Fields[i].Default = 128
		}
	}
	m = NewMapper(in, Config{Bindings: Defaults()})
	var got []int
	for _, s := range []*State{hold(t, "ArrowRight"), hold(t, "ArrowRight"), hold(t, "ArrowRight"), {}, {}, {}, hold(t, "Pad1.LeftStickLeft")} {
		got = append(got, pos(s))
	}
	if want := []int{192, 255, 255, 191, 128, 128, 64}; !slices.Equal(got, want) {
		t.Errorf("the stick went %v, want %v", got, want)
	}
}

func TestMenusDoNotPress(t *testing.T) {
	in := toyInputs(t)
	m := NewMapper(in, Config{Bindings: Defaults()})
	lives, _ := in.Find("Lives")
	m.SetField(lives, 2)
	m.Lock(true)
	m.Pulse(machine.Coin1, 3)
	n := 0
	for range 6 {
		got := m.Frame(hold(t, "ArrowUp", "Digit5"))
		if got.Seats[0].Buttons != 0 {
			t.Fatal("a locked mapper presses buttons")
		}
		if in.Get(&got, lives) != 2 {
			t.Fatal("the switch moved")
		}
		if got.System&machine.Coin1 != 0 {
			n++
		}
	}
	if n != 3 {
		t.Errorf("a pulse of 3 frames lasted %d", n)
	}
}

func TestShortPressesAreSeen(t *testing.T) {
	var h Host
	h.Update(hold(t, "ArrowUp", "Pad1.A"))
	h.Update(&State{})
	h.Update(&State{Mouse: Mouse{X: 3}})
	h.Update(&State{Mouse: Mouse{X: 4}})
	s := h.Take()
	up, _ := Key("ArrowUp")
	if !s.Pressed(up) || !s.Pressed(PadButton(0, 0)) || s.Mouse.X != 7 {
		t.Errorf("what was pressed and let go between two frames is lost: %+v", s)
	}
	s = h.Take()
	if s.Pressed(up) || s.Pressed(PadButton(0, 0)) || s.Mouse.X != 0 {
		t.Error("it is seen twice")
	}
}

func TestRebindingWhileHeld(t *testing.T) {
	m := NewMapper(toyInputs(t), Config{Bindings: Defaults()})
	q, _ := Key("Q")
	more := Bindings{"P1 Up": {q}}
	m.Configure(Config{Bindings: Defaults().Over(more)})
	if in := m.Frame(hold(t, "ArrowUp")); in.Seats[0].Buttons != 0 {
		t.Error("the old key still works")
	}
	if in := m.Frame(hold(t, "Q")); in.Seats[0].Buttons != machine.Up {
		t.Error("the new key does not work")
	}
}

func TestActionsOfAMachine(t *testing.T) {
	got := Actions(toyInputs(t))
	for _, want := range []Action{"P1 Up", "P2 Button 2", "P1 Start", "Coin 1", "Service Mode", "P1 Axis 1-", "P1 Axis 1+"} {
		if !slices.Contains(got, want) {
			t.Errorf("%q is missing in %v", want, got)
		}
	}
}
