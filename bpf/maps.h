/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Every map and constant of the agent.  __weak: all programs include this, the
 * linker keeps one.  Sizes are small defaults; the loader sets the real ones.
 */
#ifndef SKUA_MAPS_H
#define SKUA_MAPS_H

#include <linux/bpf.h>
#include "skua/armed.h"
#include "skua/counter.h"
#include "skua/local.h"
#include "skua/sighting.h"
#include "skua/watched.h"

/* Set before load, frozen by it: what a constant rules out costs nothing. */
const volatile struct skua_config config __weak = SKUA_CONFIG_DEFAULT;
const volatile bool test_run __weak = false;          /* time and place come with the frame */
const volatile __u64 tick_ns __weak = 4000000;        /* clock_getres(CLOCK_MONOTONIC_COARSE) */
const volatile struct skua_locals locals __weak = {}; /* taps: our side by address */

/* Written by the attacher while the programs run. */
__u64 clock_offset_ns __weak = 0; /* CLOCK_MONOTONIC minus jiffies */
__u64 begun_ns __weak = 0;        /* when this run had its programs attached */
__u64 lease_ns __weak = 0;        /* until then somebody reads what is said here */

struct flows_map {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, struct skua_flow_key);
	__type(value, struct skua_flow);
};
/* Two tables, so that strangers can never evict what our side calls out to. */
struct flows_map flows_out __weak SEC(".maps");
struct flows_map flows_in __weak SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, struct skua_contact_key);
	__type(value, struct skua_pending);
} half_open __weak SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, struct skua_source_key);
	__type(value, struct skua_source);
} sources __weak SEC(".maps");

/* By the low bits of the ifindex; per CPU, for each packet is counted here. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, SKUA_WATCHED_PLACES);
	__type(key, __u32);
	__type(value, struct skua_watched);
} links __weak SEC(".maps");

/* By ifindex: those whose place is another's. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, SKUA_WATCHED_FAR);
	__type(key, __u32);
	__type(value, struct skua_watched);
} links_far __weak SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, SKUA_COUNTERS);
	__type(key, __u32);
	__type(value, __u64);
} counters __weak SEC(".maps");

/* Written by the agent while the programs run, which only look. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, SKUA_ARMED_MAX);
	__type(key, struct skua_armed_key);
	__type(value, struct skua_armed);
} armed __weak SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct skua_arming);
} arming __weak SEC(".maps");

/* Safe per CPU, for XDP and tc both run with bottom halves off. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct skua_sighting);
} sightings __weak SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 20);
} events __weak SEC(".maps");

/* Packets travel in a ring of their own, so that they never push out events. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 20);
} samples __weak SEC(".maps");

#endif /* SKUA_MAPS_H */
