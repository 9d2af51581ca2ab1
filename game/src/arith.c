/* Arithmetic of 32 bits. The compiler's own library is for the 68020. */
typedef unsigned int u32;
typedef unsigned short u16;

u32 __mulsi3(u32 a, u32 b);
u32 __udivsi3(u32 a, u32 b);
u32 __umodsi3(u32 a, u32 b);
int __divsi3(int a, int b);
int __modsi3(int a, int b);

static inline u32 mul(u16 a, u16 b)
{
	u32 r = a;

	__asm__("mulu.w %1,%0" : "+d"(r) : "d"(b));
	return r;
}

u32 __mulsi3(u32 a, u32 b)
{
	return mul(a, b) + (mul(a >> 16, b) + mul(a, b >> 16) << 16);
}

static u32 divide(u32 a, u32 b, u32 *rest)
{
	u32 q = 0, r = 0, high, low;
	int i;

	if (b < 0x10000 && b) {
		/* Two divisions of 32 by 16 bits. The chip leaves the remainder in
		   the upper half. */
		high = a >> 16;
		__asm__("divu.w %1,%0" : "+d"(high) : "d"((u16)b));
		low = (high & 0xffff0000) | (a & 0xffff);
		__asm__("divu.w %1,%0" : "+d"(low) : "d"((u16)b));
		*rest = low >> 16;
		return high << 16 | (low & 0xffff);
	}
	for (i = 0; i < 32; i++) {
		r = r << 1 | a >> 31;
		a <<= 1;
		q <<= 1;
		if (r >= b) {
			r -= b;
			q |= 1;
		}
	}
	*rest = r;
	return q;
}

u32 __udivsi3(u32 a, u32 b)
{
	u32 r;

	return divide(a, b, &r);
}

u32 __umodsi3(u32 a, u32 b)
{
	u32 r;

	divide(a, b, &r);
	return r;
}

int __divsi3(int a, int b)
{
	u32 r, q = divide(a < 0 ? -(u32)a : (u32)a, b < 0 ? -(u32)b : (u32)b, &r);

	return (a < 0) != (b < 0) ? -(int)q : (int)q;
}

int __modsi3(int a, int b)
{
	u32 r;

	divide(a < 0 ? -(u32)a : (u32)a, b < 0 ? -(u32)b : (u32)b, &r);
	return a < 0 ? -(int)r : (int)r;
}
