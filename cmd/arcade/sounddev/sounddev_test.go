package sounddev

import (
	"io"
	"testing"
	"time"
)

func samples(first, n int) []int16 {
	out := make([]int16, 2*n)
	for i := range n {
		out[2*i], out[2*i+1] = int16(first+i), int16(-first-i)
	}
	return out
}

func TestRingKeepsOrder(t *testing.T) {
	r := newRing()
	next, written := 0, 0
	buf := make([]byte, 4*777+3) // no whole number of samples
	for range 1000 {
		r.write(samples(written%30000, 800))
		written += 800
		for r.size() > 0 {
			n, err := r.Read(buf)
			if err != nil || n%frameSize != 0 || n == 0 {
				t.Fatalf("Read gave %d bytes, %v", n, err)
			}
			for i := 0; i < n; i += frameSize {
				want := int16(next/800*800%30000 + next%800)
				if got := int16(uint16(buf[i]) | uint16(buf[i+1])<<8); got != want {
					t.Fatalf("sample %d is %d, want %d", next, got, want)
				}
				next++
			}
		}
	}
	if next != written {
		t.Errorf("%d samples came out, %d went in", next, written)
	}
}

func TestRingDropsTheOldest(t *testing.T) {
	r := newRing()
	total := ringSize/frameSize + 100
	r.write(samples(0, total))
	if r.size() != ringSize {
		t.Fatalf("%d bytes are held, want %d", r.size(), ringSize)
	}
	b := make([]byte, 4)
	if _, err := r.Read(b); err != nil || int16(uint16(b[0])|uint16(b[1])<<8) != 100 {
		t.Errorf("the first sample is % x, %v; want 100", b, err)
	}
}

func TestRingReadWaits(t *testing.T) {
	r := newRing()
	got := make(chan int, 1)
	go func() {
		n, _ := r.Read(make([]byte, 100))
		got <- n
	}()
	select {
	case <-got:
		t.Fatal("Read returned although there is nothing")
	case <-time.After(20 * time.Millisecond):
	}
	r.write(samples(0, 5))
	if n := <-got; n != 20 {
		t.Errorf("Read gave %d bytes, want 20", n)
	}
	go func() {
		_, err := r.Read(make([]byte, 100))
		if err != io.EOF {
			t.Errorf("after close Read says %v", err)
		}
		got <- 0
	}()
	r.close()
	<-got
}
