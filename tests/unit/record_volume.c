// SPDX-License-Identifier: BSD-2-Clause
/* Volume: reports are totals, only what is new of them counts, what was forgotten counts never. */
#include <string.h>
#include "skua/flow.h"
#include "record/volume.h"
#include "tap.h"

#define SECOND SKUA_SECOND_NS
#define CAPACITY 4

static struct volume_flows flows;
static struct volume volume;

struct report {
	uint16_t port; /* which conversation */
	uint64_t payload[2], packets[2];
	uint64_t first_s, last_s;
	uint32_t reported_s;
	uint8_t shift; /* 0: the least */
	enum skua_flow_reason reason;
	bool nobody;
};

static void tell(struct report report)
{
	struct skua_flow_event event;

	memset(&event, 0, sizeof(event));
	event.head.key.proto = SKUA_UDP;
	event.head.key.low_port = report.port;
	event.flow.first_ns = report.first_s * SECOND;
	event.flow.last_ns = report.last_s * SECOND;
	event.flow.reported_s = report.reported_s;
	event.flow.report_shift = report.shift ? report.shift : SKUA_REPORT_SHIFT_MIN;
	event.reason = report.reason;
	for (int i = 0; i < 2; i++) {
		event.flow.way[i].payload = report.payload[i];
		event.flow.way[i].packets = report.packets[i];
	}
	volume_flow(&flows, &event, report.nobody ? NULL : &volume);
}

static void begin(void)
{
	if (flows.told.slots)
		volume_fini(&flows);
	volume_init(&flows, CAPACITY);
	memset(&volume, 0, sizeof(volume));
}

static bool carried(uint64_t low, uint64_t high, uint64_t low_packets, uint64_t high_packets)
{
	return volume.payload[0] == low && volume.payload[1] == high &&
	       volume.packets[0] == low_packets && volume.packets[1] == high_packets;
}

static bool lasted(uint64_t since_s, uint64_t until_s)
{
	return volume.since_ns == since_s * SECOND && volume.until_ns == until_s * SECOND;
}

static void test_differences(void)
{
	begin();
	tell((struct report){ 1, { 100, 7 }, { 10, 1 }, 1000, 1010 });
	ok(carried(100, 7, 10, 1) && lasted(1000, 1010), "the first report counts as it is");
	tell((struct report){ 1, { 150, 9 }, { 15, 3 }, 1000, 1020, .reported_s = 10 });
	ok(carried(150, 9, 15, 3) && lasted(1000, 1020) && !flows.forgotten,
	   "of the next what is new, of each side");
	tell((struct report){
		1, { 151, 9 }, { 16, 3 }, 1000, 1030, .reported_s = 20, .reason = SKUA_FLOW_END });
	ok(carried(151, 9, 16, 3) && lasted(1000, 1030) && flows.told.used == 0,
	   "of the end likewise; then the conversation is forgotten");
	tell((struct report){ 2, { 5, 5 }, { 1, 1 }, 990, 1005, .reason = SKUA_FLOW_IDLE });
	ok(carried(156, 14, 17, 4) && lasted(990, 1030) && flows.told.used == 0,
	   "one that ends at once adds, may have begun before, and is not remembered");
}

static void test_less(void)
{
	begin();
	tell((struct report){ 1, { 100, 100 }, { 10, 10 }, 1000, 1010 });
	tell((struct report){ 1, { 90, 120 }, { 9, 12 }, 1000, 1008, .reported_s = 10 });
	ok(carried(100, 120, 10, 12) && lasted(1000, 1010),
	   "a report of less takes nothing away, and time does not go back");
}

static void test_another(void)
{
	begin();
	tell((struct report){ 1, { 100, 0 }, { 10, 0 }, 1000, 1010 });
	tell((struct report){ 1, { 30, 0 }, { 3, 0 }, 2000, 2010 });
	ok(carried(130, 0, 13, 0) && !flows.forgotten && flows.told.used == 1,
	   "what began at another time is another conversation: all of it is new");
	tell((struct report){ 1, { 40, 0 }, { 4, 0 }, 2000, 2020, .reported_s = 10 });
	ok(carried(140, 0, 14, 0), "and is the one that is remembered");
}

static void test_forgotten(void)
{
	begin();
	tell((struct report){ 1, { 100, 8 }, { 10, 8 }, 1000, 1100, .reported_s = 1 });
	ok(carried(0, 0, 0, 0) && flows.forgotten == 1 && lasted(1100, 1100),
	   "who said something before that we do not know adds nothing, and is counted");
	tell((struct report){ 1, { 130, 8 }, { 13, 8 }, 1000, 1110, .reported_s = 100 });
	ok(carried(30, 0, 3, 0) && flows.forgotten == 1 && lasted(1100, 1110),
	   "from then on it does");
	tell((struct report){ 2, { 9, 9 }, { 9, 9 }, 1000, 1001, .shift = SKUA_REPORT_SHIFT_MIN });
	ok(carried(39, 9, 12, 9) && flows.forgotten == 1, "a first report is none of these,");
	tell((struct report){
		3, { 9, 9 }, { 9, 9 }, 1000, 1001, .shift = SKUA_REPORT_SHIFT_MIN + 1 });
	ok(carried(39, 9, 12, 9) && flows.forgotten == 2, "one told by its volume before is");
}

static void test_nobody(void)
{
	begin();
	tell((struct report){ 1, { 100, 0 }, { 10, 0 }, 1000, 1010, .nobody = true });
	ok(carried(0, 0, 0, 0) && flows.told.used == 1,
	   "what belongs to no pair is remembered all the same");
	tell((struct report){ 1, { 110, 0 }, { 11, 0 }, 1000, 1020, .reported_s = 10 });
	ok(carried(10, 0, 1, 0) && lasted(1010, 1020), "so that a pair gets what came later alone");
}

static void test_full(void)
{
	begin();
	for (uint16_t port = 1; port <= CAPACITY + 1; port++)
		tell((struct report){ port, { 10, 0 }, { 1, 0 }, 1000, 1000 + port });
	ok(flows.told.used == CAPACITY && flows.told.evictions == 1, "the memory is bounded");
	tell((struct report){ 1, { 20, 0 }, { 2, 0 }, 1000, 1050, .reported_s = 1 });
	ok(carried(50, 0, 5, 0) && flows.forgotten == 1, "who was silent longest is forgotten");
	tell((struct report){ 5, { 20, 0 }, { 2, 0 }, 1000, 1060, .reported_s = 1 });
	ok(carried(60, 0, 6, 0) && flows.forgotten == 1, "who spoke last is not");
}

int main(void)
{
	test_differences();
	test_less();
	test_another();
	test_forgotten();
	test_nobody();
	test_full();
	volume_fini(&flows);
	return done();
}
