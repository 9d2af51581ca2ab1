package load

import (
	"arcade/audio/mix"
	"arcade/machine"
)

// NewMixer makes a mixer for a machine's streams.
func NewMixer(rate int, m *machine.Machine) (*mix.Mixer, error) {
	var streams []mix.Stream
	for _, s := range m.Streams {
		in := mix.Stream{Rate: float64(s.Rate.Num) / float64(s.Rate.Den), Channels: s.Channels}
		for _, r := range s.Routes {
			level := float32(float64(r.Level.Num) / float64(r.Level.Den))
			route := mix.Route{Channel: r.Channel}
			if r.Left {
				route.Left = level
			}
			if r.Right {
				route.Right = level
			}
			in.Routes = append(in.Routes, route)
		}
		streams = append(streams, in)
	}
	return mix.New(rate, streams)
}
