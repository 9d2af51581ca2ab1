package rollback_test

import (
	"testing"
	"time"

	"arcade/netplay/link"
	"arcade/netplay/linktest"
	"arcade/netplay/rollback"
)

// A session that sends hashes of what it only predicts is found out at once.
func TestUnconfirmedHashesAreCaught(t *testing.T) {
	m := match(600)
	m.There, m.Back = link.Quality{Latency: 60 * time.Millisecond}, link.Quality{Latency: 60 * time.Millisecond}
	m.Tamper = func(side int, msg *rollback.Message, g linktest.Game) {
		if side == 1 && msg.Frame > 100 {
			msg.HashFrame, msg.Hash = msg.Frame, g.Hash()
		}
	}
	r, err := m.Run()
	if err != nil {
		t.Fatal(err)
	}
	if r.Desync == nil || r.Desync.Frame < 100 || r.Desync.Frame > 160 {
		t.Errorf("hashes of unconfirmed frames from frame 101 on: %v", r.Desync)
	}
}

// Unequal ways and unequal delays: what there is to predict is shared, so that
// neither side stalls while the other has room.
func TestUnequal(t *testing.T) {
	for _, c := range []struct {
		there, back time.Duration
		delays      [2]int
	}{
		{150 * time.Millisecond, 30 * time.Millisecond, [2]int{2, 2}},
		{90 * time.Millisecond, 90 * time.Millisecond, [2]int{6, 0}},
		{150 * time.Millisecond, 150 * time.Millisecond, [2]int{6, 0}},
		{200 * time.Millisecond, 100 * time.Millisecond, [2]int{0, 5}},
	} {
		m := match(6000)
		m.There, m.Back = link.Quality{Latency: c.there, Loss: 0.01}, link.Quality{Latency: c.back, Loss: 0.01}
		settled := [2]int64{-1, -1}
		var stalls [2]int64
		var depth [2]float64
		var n [2]float64
		m.Before = func(side int, s *rollback.Session, _ linktest.Game) {
			if s.Frame() == 0 {
				if err := s.SetDelay(side, c.delays[side]); err != nil {
					t.Fatal(err)
				}
			}
			if s.Frame() < 3000 {
				return
			}
			if settled[side] < 0 {
				settled[side] = s.Stats().Stalls
			}
			stalls[side] = s.Stats().Stalls - settled[side]
			depth[side] += float64(s.Frame() - 1 - s.Confirmed())
			n[side]++
		}
		r, err := m.Run()
		if err != nil || r.Desync != nil {
			t.Fatal(err, r.Desync)
		}
		a, b := depth[0]/n[0], depth[1]/n[1]
		t.Logf("ways %v and %v, delays %v: %.1f and %.1f frames predicted, stalls %v", c.there, c.back, c.delays, a, b, stalls)
		if a-b > 1.5 || b-a > 1.5 {
			t.Errorf("ways %v and %v, delays %v: %.1f and %.1f frames are predicted", c.there, c.back, c.delays, a, b)
		}
		if total := stalls[0] + stalls[1]; total > 50 && max(stalls[0], stalls[1])*10 > total*6 {
			t.Errorf("ways %v and %v, delays %v: stalls %v", c.there, c.back, c.delays, stalls)
		}
	}
}
