module fontgen

go 1.26.0

require (
	github.com/hajimehoshi/bitmapfont/v3 v3.2.0
	github.com/klauspost/compress v1.20.3
	golang.org/x/image v0.45.0
)

require (
	github.com/pierrec/lz4/v4 v4.1.21 // indirect
	golang.org/x/text v0.41.0 // indirect
)
