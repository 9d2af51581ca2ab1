package inputmap

import (
	"fmt"
	"strings"
)

// keyDefaults are MAME's keys, so that nobody has to learn new ones.
const keyDefaults = `
P1 Up: ArrowUp
P1 Down: ArrowDown
P1 Left: ArrowLeft
P1 Right: ArrowRight
P1 Button 1: ControlLeft
P1 Button 2: AltLeft
P1 Button 3: Space
P1 Button 4: ShiftLeft
P1 Button 5: Z
P1 Button 6: X
P1 Button 7: C
P1 Button 8: V
P1 Button 9: B
P1 Button 10: N
P1 Up 2: I
P1 Down 2: K
P1 Left 2: J
P1 Right 2: L
P2 Up: R
P2 Down: F
P2 Left: D
P2 Right: G
P2 Button 1: A
P2 Button 2: S
P2 Button 3: Q
P2 Button 4: W
P2 Button 5: E
P2 Button 6: Y
P3 Up: I
P3 Down: K
P3 Left: J
P3 Right: L
P3 Button 1: ControlRight
P3 Button 2: ShiftRight
P3 Button 3: Enter
P4 Up: Numpad8
P4 Down: Numpad2
P4 Left: Numpad4
P4 Right: Numpad6
P4 Button 1: Numpad0
P4 Button 2: NumpadDecimal
P4 Button 3: NumpadEnter
P1 Start: Digit1
P2 Start: Digit2
P3 Start: Digit3
P4 Start: Digit4
Coin 1: Digit5
Coin 2: Digit6
Coin 3: Digit7
Coin 4: Digit8
Service 1: Digit9
Service 2: Digit0
Service 3: Minus
Service 4: Equal
Service Mode: F2
Tilt: T
P1 Axis 1-: ArrowLeft
P1 Axis 1+: ArrowRight
P1 Axis 2-: ArrowUp
P1 Axis 2+: ArrowDown
P1 Axis 1: Mouse.X
P1 Axis 2: Mouse.Y
P2 Axis 1-: D
P2 Axis 1+: G
P2 Axis 2-: R
P2 Axis 2+: F
Menu: Escape Tab Mouse.Right
Pause: P
Frame Step: Period
Fast Forward: Insert
Slow Motion: Delete
Rewind: Backspace
Screenshot: F12
Mute: M
Fullscreen: F11
Statistics: F10
Save State: F6
Load State: F7
Previous Slot: F8
Next Slot: F9
Reset: F3
`

// padDefaults are those of the pad of seat N (which is pad N).
const padDefaults = `
Up: DpadUp LeftStickUp
Down: DpadDown LeftStickDown
Left: DpadLeft LeftStickLeft
Right: DpadRight LeftStickRight
Button 1: A Button1
Button 2: B Button2
Button 3: X Button3
Button 4: Y Button4
Button 5: LB Button5
Button 6: RB Button6
Button 7: LT Button7
Button 8: RT Button8
Start: Start Button10
Up 2: RightStickUp
Down 2: RightStickDown
Left 2: RightStickLeft
Right 2: RightStickRight
Axis 1-: LeftStickLeft DpadLeft
Axis 1+: LeftStickRight DpadRight
Axis 2-: LeftStickUp DpadUp
Axis 2+: LeftStickDown DpadDown
`

// rawStick are the directions of pads of unknown layout.
const rawStick = `
Up: Axis2-
Down: Axis2+
Left: Axis1-
Right: Axis1+
`

// Defaults are the bindings of a new installation.
func Defaults() Bindings {
	b := Bindings{}
	add := func(action, sources, prefix string) {
		for _, name := range strings.Fields(sources) {
			s, err := ParseSource(prefix + name)
			if err != nil {
				panic(err) // the table above is wrong; a test reads it
			}
			b[Action(action)] = append(b[Action(action)], s)
		}
	}
	lines := func(table string, each func(action, sources string)) {
		for l := range strings.Lines(strings.TrimSpace(table)) {
			action, sources, _ := strings.Cut(strings.TrimSpace(l), ": ")
			each(action, sources)
		}
	}
	lines(keyDefaults, func(a, s string) { add(a, s, "") })
	for seat := 1; seat <= 4; seat++ {
		pad := fmt.Sprintf("Pad%d.", seat)
		lines(padDefaults, func(a, s string) { add(fmt.Sprintf("P%d %s", seat, a), s, pad) })
		lines(rawStick, func(a, s string) { add(fmt.Sprintf("P%d %s", seat, a), s, pad) })
		// A coin without getting up from the sofa.
		add(fmt.Sprintf("Coin %d", seat), "Back Button9", pad)
		add(string(Menu), "Guide LeftStick Button11 Button13", pad)
	}
	return b
}
