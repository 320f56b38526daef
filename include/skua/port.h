/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * The seam between the two compilers: what differs between the kernel build
 * (clang -target bpf) and the user build is named here, and nowhere else; no
 * other file under include/ tests __bpf__.
 */
#ifndef SKUA_PORT_H
#define SKUA_PORT_H

#include <stdbool.h>
#include <linux/types.h>

#define skua_inline static inline __attribute__((always_inline))

#ifdef __bpf__
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
/*
 * Write to memory what is meant for it, and read it anew.  The verifier follows
 * every path with all it knows of each register, but knows nothing of a map's
 * memory: where a struct in a map value is settled, all paths become one.
 */
#define skua_settle() asm volatile("" ::: "memory")
/* The verifier learns a packet bound only from "pointer + n against data_end". */
#define skua_fits(at, n, end) ((at) + (n) <= (end))
/* Two CPUs may hold the same map value; an uncontended atomic costs about 1 ns. */
#define skua_add(p, n) ((void)__sync_fetch_and_add(p, n))
#define skua_or(p, bits) ((void)__sync_fetch_and_or(p, bits))
#define skua_and(p, bits) ((void)__sync_fetch_and_and(p, bits))
/* This clang splits a load of unknown alignment into bytes, which costs more than the parse. */
#define skua_load16(p) (*(const __u16 *)(p))
#define skua_load32(p) (*(const __u32 *)(p))
#define skua_load64(p) (*(const __u64 *)(p))
/* Some bytes of a frame that lie there as was checked: a loop's rounds are paths each. */
#define skua_copy(to, from, n) ((void)bpf_probe_read_kernel(to, n, from))
#else
#include <stddef.h>
#include <string.h>
#define skua_settle() ((void)0)
/* Subtraction, for at + n may wrap; signed, for at may already be past the end. */
#define skua_fits(at, n, end) ((end) - (at) >= (ptrdiff_t)(n))
#define skua_add(p, n) ((void)(*(p) += (n)))
#define skua_or(p, bits) ((void)(*(p) |= (bits)))
#define skua_and(p, bits) ((void)(*(p) &= (bits)))
#define skua_copy(to, from, n) ((void)memcpy(to, from, n))

skua_inline __u16 skua_load16(const void *p)
{
	__u16 v;

	memcpy(&v, p, sizeof(v));
	return v;
}

skua_inline __u32 skua_load32(const void *p)
{
	__u32 v;

	memcpy(&v, p, sizeof(v));
	return v;
}

skua_inline __u64 skua_load64(const void *p)
{
	__u64 v;

	memcpy(&v, p, sizeof(v));
	return v;
}
#endif

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define skua_be16(p) __builtin_bswap16(skua_load16(p))
#define skua_be32(p) __builtin_bswap32(skua_load32(p))
#define skua_be64(p) __builtin_bswap64(skua_load64(p))
#else
#define skua_be16(p) skua_load16(p)
#define skua_be32(p) skua_load32(p)
#define skua_be64(p) skua_load64(p)
#endif

#endif /* SKUA_PORT_H */
