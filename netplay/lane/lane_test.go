package lane

import (
	"bytes"
	"math/rand/v2"
	"testing"
	"time"
)

// link carries packets with delay, loss, reordering and duplication.
type link struct {
	r     *rand.Rand
	loss  int // percent
	delay time.Duration
	queue []parcel
}

type parcel struct {
	at   time.Duration
	to   *Lane
	data []byte
	ack  bool
}

func (k *link) send(to *Lane, data []byte, ack bool, now time.Duration) {
	for range 1 + k.r.IntN(10)/9 { // one in ten twice
		if k.r.IntN(100) >= k.loss {
			jitter := time.Duration(k.r.IntN(40)) * time.Millisecond
			k.queue = append(k.queue, parcel{now + k.delay + jitter, to, bytes.Clone(data), ack})
		}
	}
}

func (k *link) deliver(t *testing.T, now time.Duration) {
	var later []parcel
	for _, p := range k.queue {
		if p.at > now {
			later = append(later, p)
			continue
		}
		var err error
		if p.ack {
			_, err = p.to.TakeAck(p.data, now)
		} else {
			_, err = p.to.TakeSegment(p.data)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	k.queue = later
}

func TestLane(t *testing.T) {
	for _, loss := range []int{0, 5, 30} {
		r := rand.New(rand.NewPCG(uint64(loss), 1))
		k := &link{r: r, loss: loss, delay: 50 * time.Millisecond}
		a, b := New(1<<20), New(1<<20)
		var want, got []Message
		total := 0
		for i := range 60 {
			data := make([]byte, r.IntN(3000))
			if i == 30 {
				data = make([]byte, 700_000)
			}
			for j := range data {
				data[j] = byte(r.Uint32())
			}
			total += len(data)
			want = append(want, Message{uint8(i), data})
			if err := a.Send(uint8(i), data); err != nil {
				t.Fatal(err)
			}
		}
		now := time.Duration(0)
		for ; len(got) < len(want) && now < 10*time.Minute; now += 5 * time.Millisecond {
			k.deliver(t, now)
			for {
				m, ok := b.Receive()
				if !ok {
					break
				}
				got = append(got, m)
			}
			for range 8 {
				p, ok := a.AppendSegment(nil, 1100, now)
				if !ok {
					break
				}
				k.send(b, p, false, now)
			}
			if b.WantsAck() {
				k.send(a, b.AppendAck(nil), true, now)
			}
		}
		if len(got) != len(want) {
			t.Fatalf("loss %d %%: %d of %d messages came", loss, len(got), len(want))
		}
		for i := range want {
			if got[i].Kind != want[i].Kind || !bytes.Equal(got[i].Data, want[i].Data) {
				t.Fatalf("loss %d %%: message %d is another", loss, i)
			}
		}
		for range 200 { // the last acknowledgements may have been lost
			now += 50 * time.Millisecond
			k.deliver(t, now)
			if p, ok := a.AppendSegment(nil, 1100, now); ok {
				k.send(b, p, false, now)
			}
			if b.WantsAck() {
				k.send(a, b.AppendAck(nil), true, now)
			}
		}
		if !a.Idle() || a.Backlog() != 0 {
			t.Errorf("loss %d %%: %d bytes are left", loss, a.Backlog())
		}
		t.Logf("loss %d %%: %d bytes in %v", loss, total, now)
	}
}

func TestLimits(t *testing.T) {
	a, b := New(100), New(100)
	if err := a.Send(1, make([]byte, 101)); err != nil {
		t.Fatal(err)
	}
	p, _ := a.AppendSegment(nil, 1200, 0)
	if _, err := b.TakeSegment(p); err == nil {
		t.Error("a message over the limit was taken")
	}
	if err := a.Send(200, nil); err == nil {
		t.Error("kind 200 was taken")
	}
	if _, ok := a.AppendSegment(nil, 10, time.Hour); ok {
		t.Error("a segment was put where it does not fit")
	}
	if err := a.Send(1, make([]byte, maxQueue+1)); err != ErrFull {
		t.Errorf("too much was queued (%v)", err)
	}
}

func FuzzTake(f *testing.F) {
	f.Add([]byte{0, 1, 1, 'x'}, true)
	f.Add([]byte{0, 0, 0, 0, 0}, false)
	f.Fuzz(func(t *testing.T, b []byte, segment bool) {
		l := New(5000)
		l.Send(1, []byte("hello"))
		l.AppendSegment(nil, 1200, 0)
		for len(b) > 0 {
			var err error
			if segment {
				b, err = l.TakeSegment(b)
			} else {
				b, err = l.TakeAck(b, 0)
			}
			if err != nil {
				return
			}
		}
		if len(l.message) > 5000 {
			t.Error("over the limit")
		}
	})
}
