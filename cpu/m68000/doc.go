// Package m68000 is an interpreter of the Motorola 68000.
package m68000

//go:generate go run ./gen
