/* SPDX-License-Identifier: BSD-2-Clause */
/* Frames in hexadecimal digits, and where in them lies what the prelude changes. */
#ifndef BENCH_FRAMES_H
#define BENCH_FRAMES_H

#define ETH "020000000002020000000001"
/* 198.51.100.1, a stranger, to 10.0.0.2, one of ours; and back. */
#define IN4(total, proto) "4500" total "0000000040" proto "0000c63364010a000002"
#define OUT4(total, proto) "4500" total "0000000040" proto "00000a000002c6336401"
#define IN6(length, next)                                                                          \
	"60000000" length next "40"                                                                \
	"20010db8000000000000000000000001"                                                         \
	"fd000000000000000000000000000002"
#define TCP(flags) "c00101bb000000640000006450" flags "000000000000"
#define REPLY "01bbc00100000064000000645010000000000000" /* with ACK, by the server */
#define BYTES10 "68692068692068692021"
#define UDP_HEAD(length) "c0011f90" length "0000"
#define DNS "c00100350029000012340100000100000000000003777777076578616d706c6503636f6d0000010001"

#define AT_SRC4 26
#define AT_DST4 30
#define AT_PORTS 34 /* behind IPv4 */
#define AT_SEQ4 38
#define AT_FLAGS4 47

#endif /* BENCH_FRAMES_H */
