// SPDX-License-Identifier: BSD-2-Clause
/* What is told of links is what becomes of them, in namespaces of the test's own. */
#include <arpa/inet.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <linux/if_arp.h>
#include <linux/if_link.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include "links_stage.h"

enum field { ALL, UP, MASTER, ADDRESSED, MTU, PEER_ELSEWHERE, XDP, TYPE };
enum { QUIET = -1 }; /* nothing is told */

static int64_t value_of(const struct link *link, enum field field)
{
	switch (field) {
	case ALL:
		return 0;
	case UP:
		return link->up;
	case MASTER:
		return link->master;
	case ADDRESSED:
		return link->addressed;
	case MTU:
		return link->mtu;
	case PEER_ELSEWHERE:
		return link->peer_elsewhere;
	case XDP:
		return link->xdp;
	case TYPE:
		return link->type;
	}
	return -1;
}

static bool has_told(const struct stage *stage, enum link_change change, const char *name,
		     enum field field, int64_t value)
{
	for (uint32_t i = 0; i < stage->told_count; i++) {
		const struct told *told = &stage->told[i];

		if (told->change == change && !strcmp(told->link.name, name) &&
		    value_of(&told->link, field) == value)
			return true;
	}
	return false;
}

static void print_told(const struct stage *stage)
{
	for (uint32_t i = 0; i < stage->told_count && i < 20; i++) {
		const struct link *link = &stage->told[i].link;

		printf("# told %d: %d %s %s up %d master %d mtu %u elsewhere %d addressed %d xdp "
		       "%d type %u\n",
		       stage->told[i].change, link->ifindex, link->name, link->kind, link->up,
		       link->master, link->mtu, link->peer_elsewhere, link->addressed, link->xdp,
		       link->type);
	}
}

struct step {
	const char *command;
	int change; /* enum link_change, or QUIET */
	const char *name;
	enum field field;
	int64_t value;
	const char *sentence;
};

static const struct step steps[] = {
	{ "ip link add sa type veth peer name sb", LINK_APPEARED, "sb", ALL, 0, "a link is made" },
	{ "ip link set sa up", LINK_CHANGED, "sa", UP, 1, "a link goes up" },
	{ "ip link set sa down", LINK_CHANGED, "sa", UP, 0, "a link goes down" },
	{ "ip link set sa name lan0", LINK_CHANGED, "lan0", ALL, 0, "a link is renamed" },
	{ "ip link set lan0 mtu 1400", LINK_CHANGED, "lan0", MTU, 1400, "its MTU changes" },
	{ "ip link add br0 index 70 type bridge", LINK_APPEARED, "br0", TYPE, ARPHRD_ETHER,
	  "a bridge is made" },
	{ "ip link set lan0 master br0", LINK_CHANGED, "lan0", MASTER, 70, "a bridge's port" },
	{ "ip link set lan0 nomaster", LINK_CHANGED, "lan0", MASTER, 0, "no longer one" },
	{ "ip addr add 192.0.2.1/24 dev lan0", LINK_CHANGED, "lan0", ADDRESSED, 1,
	  "a link is given an address" },
	{ "ip addr add 198.51.100.1/24 dev lan0", QUIET, "", ALL, 0, "a second adds nothing" },
	{ "ip addr del 192.0.2.1/24 dev lan0", QUIET, "", ALL, 0, "one of two takes nothing" },
	{ "ip addr del 198.51.100.1/24 dev lan0", LINK_CHANGED, "lan0", ADDRESSED, 0,
	  "the last address is taken away" },
	{ "ip addr add fe80::1/64 dev lan0 nodad", QUIET, "", ALL, 0, "link-local is no address" },
	{ "ip addr add 2001:db8::1/64 dev lan0 nodad", LINK_CHANGED, "lan0", ADDRESSED, 1,
	  "a global IPv6 address is one" },
	{ "ip addr flush dev lan0", LINK_CHANGED, "lan0", ADDRESSED, 0, "all are taken away" },
	{ "ip link add lan1 link lan0 type macvlan && ip link del lan1 &&"
	  "ip link set lan0 promisc on && ip link set lan0 promisc off",
	  QUIET, "", ALL, 0, "what has passed before we look is not told" },
	{ "ip link set sb netns $OTHER", LINK_GONE, "sb", ALL, 0, "a link is moved away" },
	{ "nsenter -t $OTHER -n ip link set sb netns $PPID", LINK_CHANGED, "lan0", PEER_ELSEWHERE,
	  0, "and back, which the other end is told of" },
	{ "ip link set sb netns $OTHER", LINK_CHANGED, "lan0", PEER_ELSEWHERE, 1,
	  "as it is when the other moves away" },
	{ "ip link set lan0 netns $OTHER", LINK_GONE, "lan0", ALL, 0, "the rest is moved away" },
	{ "nsenter -t $OTHER -n ip link add sc type veth peer name sd netns $PPID", LINK_APPEARED,
	  "sd", PEER_ELSEWHERE, 1, "a pod's end is made from within another namespace" },
	{ "nsenter -t $OTHER -n ip link del sc", LINK_GONE, "sd", ALL, 0, "and goes with it" },
	{ "ip link del br0", LINK_GONE, "br0", ALL, 0, "a link is deleted" },
	{ "ip link set lo up", LINK_CHANGED, "lo", ADDRESSED, 1, "loopback has addresses" },
};

static bool step(struct stage *stage, const struct step *step)
{
	double end = stage_now() + (step->change == QUIET ? 0.2 : STAGE_WAIT_MS / 1e3);
	bool good = false;

	stage_do(stage, step->command);
	do {
		stage_poll(stage, 20);
		if (step->change != QUIET)
			good = has_told(stage, step->change, step->name, step->field, step->value);
	} while (!good && stage_now() < end);
	if (step->change == QUIET)
		good = stage->told_count == 0;
	if (!good)
		print_told(stage);
	return good;
}

static void test_steps(struct stage *stage)
{
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		ok(step(stage, &steps[i]), steps[i].sentence);
		if (!stage_true(stage))
			ok(false, "what was told so far adds up to what is there");
	}
}

static void test_start(struct stage *stage)
{
	double begun;

	stage_do(stage, "ip link add before type veth peer name early && ip link set before up &&"
			"ip addr add 192.0.2.9/24 dev before");
	ok(!links_open(&stage->links) && !links_poll(stage->links, stage_told, stage),
	   "a watcher starts");
	ok(has_told(stage, LINK_APPEARED, "before", ADDRESSED, 1) &&
		   has_told(stage, LINK_APPEARED, "early", UP, 0) &&
		   has_told(stage, LINK_APPEARED, "lo", TYPE, ARPHRD_LOOPBACK) &&
		   stage->told_count == stage->own + 2 && stage_true(stage),
	   "the first poll tells what is there");
	begun = stage_now();
	ok(!links_poll(stage->links, stage_told, stage) && stage_now() - begun < 10 &&
		   stage->told_count == stage->own + 2,
	   "a poll without news tells nothing and does not wait");
	stage_do(stage, "ip link del before");
	stage_poll(stage, STAGE_WAIT_MS);
	ok(stage->told_count == 2 && stage_true(stage), "a pair goes together");
}

static void test_between_polls(struct stage *stage)
{
	stage_do(stage, "ip link add ea type veth peer name eb && ip link set ea name ec up &&"
			"ip addr add 192.0.2.1/24 dev ec");
	stage_poll(stage, STAGE_WAIT_MS);
	ok(stage->told_count == 2 && has_told(stage, LINK_APPEARED, "ec", ADDRESSED, 1),
	   "made, renamed and given an address between two polls, a link appears once");
	stage_do(stage, "ip link del ec; ip link add ba index 90 type bridge");
	stage_poll(stage, STAGE_WAIT_MS);
	stage_do(stage, "ip link del ba; ip link add bb index 90 type bridge");
	stage_poll(stage, STAGE_WAIT_MS);
	ok(stage->told_count == 2 && stage->told[0].change == LINK_GONE &&
		   !strcmp(stage->told[0].link.name, "ba") && stage->told[1].link.ifindex == 90 &&
		   has_told(stage, LINK_APPEARED, "bb", ALL, 0),
	   "another under the same number is told as one gone and one that appeared");
	stage_do(stage, "ip link del bb");
	stage_poll(stage, STAGE_WAIT_MS);
	ok(stage_true(stage), "and all adds up");
}

/* The kernel doubles what it is asked for, and grants 2 kB at least. */
static void test_overrun(struct stage *stage)
{
	const struct links_stats *stats = links_stats(stage->links);
	uint64_t dumps = stats->dumps;
	int small = 1;

	setsockopt(links_fd(stage->links), SOL_SOCKET, SO_RCVBUFFORCE, &small, sizeof(small));
	stage_do(stage, "ip link add gone type veth peer name also");
	stage_poll(stage, STAGE_WAIT_MS);
	stage_do(stage, "for i in 1 2 3 4 5 6 7 8 9; do "
			"echo link add x$i type veth peer name y$i; echo link set x$i up mtu 1300; "
			"echo addr add 192.0.2.$i/24 dev x$i; done | ip -batch - &&"
			"ip link set x3 name renamed && ip link del x4 && ip link del gone");
	stage_settle(stage);
	ok(stats->overruns > 0 && stats->dumps > dumps, "lost news is counted and made up for");
	ok(has_told(stage, LINK_GONE, "also", ALL, 0) &&
		   has_told(stage, LINK_APPEARED, "renamed", ADDRESSED, 1) &&
		   !has_told(stage, LINK_APPEARED, "x4", ALL, 0) && stage_true(stage),
	   "the same is told as without a loss");
	stage_do(stage, "for i in 1 2 renamed 5 6 7 8 9; do "
			"ip link del x$i 2>/dev/null || ip link del $i; done");
	stage_settle(stage);
	ok(stage->count == stage->own && stage_true(stage), "so it is when they go");
}

static void count_packets(struct stage *stage, const struct link_counters *before)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_port = htons(9),
				  .sin_addr = { htonl(INADDR_LOOPBACK) } };
	struct link_counters after = { 0 }, none = { .rx_packets = 7 };
	int from = socket(AF_INET, SOCK_DGRAM, 0);
	int sink = socket(AF_INET, SOCK_DGRAM, 0);

	/* Somebody listens, or ICMP would come back and be counted, too. */
	bind(sink, (struct sockaddr *)&to, sizeof(to));
	for (int i = 0; i < 10; i++)
		sendto(from, "0123456789", 10, 0, (struct sockaddr *)&to, sizeof(to));
	links_counters(stage->links, 1, &after);
	ok(after.rx_packets - before->rx_packets == 10 &&
		   after.tx_packets - before->tx_packets == 10,
	   "ten packets over loopback are ten received and ten sent");
	ok(after.rx_bytes - before->rx_bytes == 380 && after.tx_bytes - before->tx_bytes == 380,
	   "with IP and UDP headers, but no Ethernet header, they are 380 bytes");
	ok(links_counters(stage->links, 99999, &none) == -ENODEV && none.rx_packets == 7,
	   "a link that is not there has none");
	close(from);
	close(sink);
}

static void test_counters(struct stage *stage)
{
	const char *sentence = "a link's counters can be asked for";
	struct link_counters before = { 0 };
	int err = links_counters(stage->links, 1, &before);

	/* Every kernel since 4.7 answers RTM_GETSTATS; qemu-user refuses to pass it on. */
	if (err == -EOPNOTSUPP) {
		skip(sentence, "an emulator does not pass RTM_GETSTATS on to the kernel");
		return;
	}
	ok(!err, sentence);
	count_packets(stage, &before);
}

static void test_xdp(struct stage *stage)
{
	static const struct bpf_insn pass[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = XDP_PASS },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	static const struct step on = { "true", LINK_CHANGED, "lo", XDP, 1, "" };
	static const struct step off = { "true", LINK_CHANGED, "lo", XDP, 0, "" };
	int program = bpf_prog_load(BPF_PROG_TYPE_XDP, "pass", "BSD", pass, 2, NULL);

	if (program < 0 || bpf_xdp_attach(1, program, XDP_FLAGS_SKB_MODE, NULL)) {
		skip("an XDP program is told", "loading BPF programs is not permitted");
		return;
	}
	ok(step(stage, &on), "an XDP program is told");
	bpf_xdp_detach(1, XDP_FLAGS_SKB_MODE, NULL);
	ok(step(stage, &off), "and that it has gone");
	close(program);
}

static void test_crowd(struct stage *stage)
{
	const struct links_stats *stats = links_stats(stage->links);
	const unsigned more = LINKS_MAX + 1 - stage->own; /* one more than there is room for */
	int large = 4 << 20;
	char line[160];

	setsockopt(links_fd(stage->links), SOL_SOCKET, SO_RCVBUFFORCE, &large, sizeof(large));
	snprintf(line, sizeof(line),
		 "{ for i in $(seq %u); do echo link add m$i type veth peer name n$i; done; %s } |"
		 "ip -batch -",
		 more / 2, more % 2 ? "echo link add odd type bridge;" : "");
	stage_do(stage, line);
	stage_settle(stage);
	ok(stage->count == LINKS_MAX && stats->refused > 0 && !stage->nonsense,
	   "of more links than there is room for, the rest is counted");
	stage_do(stage, "ip link del m7");
	stage_settle(stage);
	ok(stage->told_count == 3 && stage_true(stage), "and told when others go");
}

/* The dumps are interrupted, the news is stale when it is read, and some of it is lost. */
static void test_storm(struct stage *stage)
{
	uint64_t overruns = links_stats(stage->links)->overruns;
	int small = 8192;
	pid_t child;

	setsockopt(links_fd(stage->links), SOL_SOCKET, SO_RCVBUFFORCE, &small, sizeof(small));
	child = fork();
	if (child == 0)
		_exit(system("for n in 1 2 3 4 5 6; do for i in $(seq 40); do "
			     "echo link add p$i type veth peer name q$i; "
			     "echo addr add 192.0.2.$i/24 dev p$i; echo link set p$i up; "
			     "echo link set p$i name r$i; done; echo link set q$n netns $OTHER; "
			     "for i in $(seq $n 40); do echo link del r$i; done; done |"
			     "ip -force -batch - 2>/dev/null") == -1);
	while (child > 0 && waitpid(child, NULL, WNOHANG) == 0)
		stage_poll(stage, 1);
	stage_settle(stage);
	printf("# %llu times news was lost\n",
	       (unsigned long long)(links_stats(stage->links)->overruns - overruns));
	ok(stage->count > stage->own && stage_true(stage), "a storm of changes adds up in the end");
	stage_do(stage, "for i in $(seq 40); do echo link del r$i; echo link del p$i; done |"
			"ip -force -batch - 2>/dev/null; true");
	stage_settle(stage);
	ok(stage->count == stage->own && stage_true(stage), "so does the calm after it");
}

int main(void)
{
	static struct stage stage;

	if (!stage_enter(&stage))
		return 0;
	setvbuf(stdout, NULL, _IOLBF, 0);
	test_start(&stage);
	test_steps(&stage);
	test_between_polls(&stage);
	test_counters(&stage);
	test_xdp(&stage);
	test_overrun(&stage);
	test_storm(&stage);
	test_crowd(&stage);
	stage_leave(&stage);
	return done();
}
