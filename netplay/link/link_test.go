package link

import (
	"encoding/binary"
	"testing"
	"time"
)

// measure sends 10000 packets, one a millisecond, and tells what came of them.
func measure(q Quality) (came, twice, swapped int, least, most time.Duration, runs int) {
	s := NewSimulator(1, q, Quality{})
	seen := map[uint32]int{}
	last, least := int64(-1), time.Hour
	got := make([]bool, 10000)
	var buf [64]byte
	for now := time.Duration(0); now < 12*time.Second; now += time.Millisecond {
		s.Set(now)
		if i := int(now / time.Millisecond); i < 10000 {
			s.End(0).Send(binary.LittleEndian.AppendUint32(nil, uint32(i)))
		}
		for {
			n, ok := s.End(1).Receive(buf[:])
			if !ok {
				break
			}
			v := binary.LittleEndian.Uint32(buf[:n])
			d := now - time.Duration(v)*time.Millisecond
			least, most = min(least, d), max(most, d)
			if seen[v]++; seen[v] > 1 {
				twice++
				continue
			}
			came++
			got[v] = true
			if int64(v) < last {
				swapped++
			}
			last = max(last, int64(v))
		}
	}
	for i := 1; i < len(got); i++ {
		if !got[i] && got[i-1] {
			runs++
		}
	}
	return came, twice, swapped, least, most, runs
}

func TestSimulator(t *testing.T) {
	if came, twice, swapped, least, most, _ := measure(Quality{Latency: 50 * time.Millisecond}); came != 10000 || twice+swapped != 0 || least != 50*time.Millisecond || most != least {
		t.Errorf("a clean link: %d came, %d twice, %d swapped, %v to %v", came, twice, swapped, least, most)
	}
	if came, _, swapped, least, most, _ := measure(Quality{Latency: 50 * time.Millisecond, Jitter: 30 * time.Millisecond}); came != 10000 || swapped < 1000 || least < 50*time.Millisecond || most > 81*time.Millisecond || most < 75*time.Millisecond {
		t.Errorf("jitter: %d came, %d swapped, %v to %v", came, swapped, least, most)
	}
	if came, _, _, _, _, runs := measure(Quality{Loss: 0.05}); came < 9400 || came > 9600 || runs < 400 {
		t.Errorf("5 %% loss: %d of 10000 came, %d gaps", came, runs)
	}
	if came, _, _, _, _, runs := measure(Quality{Loss: 0.01, Burst: 5}); came < 9350 || came > 9700 || runs > 150 {
		t.Errorf("bursts: %d of 10000 came, %d gaps", came, runs)
	}
	if _, twice, swapped, _, _, _ := measure(Quality{Twice: 0.1, Reorder: 0.1}); twice < 900 || twice > 1100 || swapped < 500 {
		t.Errorf("%d came twice, %d swapped", twice, swapped)
	}
	if came, _, _, _, _, _ := measure(Quality{Cuts: []Cut{{time.Second, 3 * time.Second}}}); came != 8000 {
		t.Errorf("a cut of 2 s: %d came", came)
	}
	if came, _, _, _, most, _ := measure(Quality{Rate: 2000, Queue: 400}); came < 4500 || came > 6500 || most > 250*time.Millisecond {
		t.Errorf("half the rate: %d came, the last after %v", came, most)
	}
}
