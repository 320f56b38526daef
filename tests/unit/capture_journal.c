// SPDX-License-Identifier: BSD-2-Clause
/* Journals are written so that all comes back, whatever the disk does and however the writer ends.
 */
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include "capture/journal_pack.h"
#include "journal_stage.h"

#define NOBODY 65534

/* What names files: seconds pass when a test says so, and not in the middle of it. */
static time_t clock_s = 1795248000; /* 2026-11-21T08:00:00Z */

time_t time(time_t *to)
{
	if (to)
		*to = clock_s;
	return clock_s;
}

static void test_all_comes_back(void)
{
	struct journal_options options = stage_options();
	struct journal *journal = stage_open(&options);
	static const uint8_t fact[STAGE_FACT] = { 1, 2, 3 };
	struct skua_sample_event sample = { .head = { .version = SKUA_ABI_VERSION,
						      .kind = SKUA_EVENT_SAMPLE } };
	struct skua_event alien = { .version = SKUA_ABI_VERSION + 1, .kind = SKUA_EVENT_EXCHANGE };

	put_exchange(journal, 1);
	journal_record(journal, JOURNAL_FACT, 5, fact, sizeof(fact));
	journal_record(journal, JOURNAL_TICK, 7, NULL, 0);
	journal_event(journal, &sample.head);
	journal_event(journal, &alien);
	put_exchanges(journal, 2, 5000);
	journal_record(journal, JOURNAL_ENDING, 9, NULL, 0);
	journal_record(journal, JOURNAL_FINISH, 9, NULL, 0);
	journal_record(journal, JOURNAL_STATS, 9, "packets 1\n", 10);
	ok(journal_counts(journal)->records == 5006 && !journal_counts(journal)->lost,
	   "samples, and events of another ABI, are not journaled; all else is");
	journal_close(journal);
	read_stage();
	ok(got.runs == 1 && got.state == SOURCE_END && got.events == 5001 && got.facts == 1 &&
		   got.ticks == 1 && got.endings == 1 && got.finishes == 1 && got.stats == 1 &&
		   !got.disordered,
	   "each record comes back, in its order");
	ok(!got.open_runs && !got.truncated_runs && got.counts.records == 5007 &&
		   !got.counts.unknown && !got.counts.lost && !got.counts.damaged,
	   "and is known to be all");
	list_stage();
	ok(name_count == 1 && strlen(names[0]) >= strlen(stage) + 27 &&
		   names[0][strlen(stage) + 9] == 'T' && strstr(names[0], "-000000.skj"),
	   "the file is named by its time and number");
	clear_stage();
}

/* The directory's bytes, each file taken as whole pages. */
static uint64_t stage_bytes(void)
{
	uint64_t sum = 0;
	struct stat status;

	list_stage();
	for (unsigned i = 0; i < name_count; i++)
		if (!stat(names[i], &status))
			sum += ((uint64_t)status.st_size / 4096 + 1) * 4096;
	return sum;
}

static void test_rotation(void)
{
	struct journal_options options = stage_options();
	struct journal *journal;

	options.file_max = 100000;
	journal = stage_open(&options);
	put_exchanges(journal, 0, 60000);
	journal_close(journal);
	list_stage();
	ok(name_count > 5, "a file that is large enough is followed by another");
	read_stage();
	ok(got.runs == 1 && got.events == 60000 && !got.disordered && !got.truncated_runs,
	   "they are read as one run");
	clear_stage();
	options = stage_options();
	options.rotate_ns = 1;
	journal = stage_open(&options);
	for (int i = 0; i < 4; i++) {
		put_exchange(journal, i);
		journal_flush(journal);
	}
	journal_close(journal);
	list_stage();
	ok(name_count >= 4, "so is one that is old enough");
	clear_stage();
}

static void test_quota(void)
{
	struct journal_options options = stage_options();
	uint64_t most = 0, bytes;
	struct journal *journal;
	char other[128];
	int fd;

	snprintf(other, sizeof(other), "%s/20200101T000000-000000.pcap", stage);
	fd = open(other, O_CREAT | O_WRONLY, 0600);
	if (fd >= 0)
		close(fd);
	options.quota = 2 << 20;
	journal = stage_open(&options);
	for (unsigned i = 0; i < 100; i++) {
		put_exchanges(journal, i * 2500, 2500);
		bytes = stage_bytes();
		most = bytes > most ? bytes : most;
	}
	ok(journal_counts(journal)->removed > 0 && !journal_counts(journal)->lost,
	   "above the quota the oldest files are removed, and counted");
	journal_close(journal);
	printf("# at most %llu bytes of %llu\n", (unsigned long long)most,
	       (unsigned long long)options.quota);
	ok(most <= options.quota && most > options.quota / 3,
	   "so that the directory stays below it, and is made use of");
	ok(!access(other, F_OK), "what is no journal is left alone");
	read_stage();
	printf("# %u of 250000 events are left\n", got.events);
	ok(got.runs == 1 && got.events > 5000 && got.events < 250000 && !got.truncated_runs &&
		   got.next == 250000,
	   "what is left is the end of the run, and not called damaged");
	clear_stage();
}

static void run_again(void)
{
	struct journal_options options = stage_options();
	struct journal *journal = stage_open(&options);

	put_exchanges(journal, 0, 100);
	journal_close(journal);
}

static void test_runs(void)
{
	for (int i = 0; i < 3; i++)
		run_again();
	list_stage();
	read_stage();
	ok(strstr(names[2], "-000002.skj"), "and their names sort as they were written");
	ok(name_count == 3 && got.runs == 3 && got.events == 300 && !got.disordered,
	   "runs in one directory, begun within a second too, are told apart");
	clock_s++;
	run_again();
	list_stage();
	ok(name_count == 4 && strstr(names[3], "/20261121T080001-000000.skj"),
	   "a second later counting begins anew, behind them");
	clear_stage();
}

static void test_clock_back(void)
{
	struct journal_options options = stage_options();
	struct journal *journal;
	char later[128];
	int fd;

	snprintf(later, sizeof(later), "%s/20990101T000000-000041" JOURNAL_SUFFIX, stage);
	fd = open(later, O_CREAT | O_WRONLY, 0600);
	if (fd >= 0)
		close(fd);
	journal = stage_open(&options);
	journal_close(journal);
	list_stage();
	ok(name_count == 2 && strstr(names[1], "/20990101T000000-000042.skj"),
	   "also when the clock has gone back: the newest is never taken for the oldest");
	clear_stage();
}

static void test_kill(void)
{
	struct journal_options options = stage_options();
	int status = 0, ready[2];
	pid_t child;
	char byte;

	if (pipe(ready))
		abort();
	fflush(stdout);
	child = fork();
	if (!child) {
		struct journal *journal = stage_open(&options);

		put_exchanges(journal, 0, 777);
		usleep(JOURNAL_FLUSH_NS / 1000 + 1000);
		journal_record(journal, JOURNAL_TICK, 1, NULL, 0);
		put_exchanges(journal, 777, 10); /* these had no tick */
		if (write(ready[1], "", 1) == 1)
			pause();
		_exit(1);
	}
	if (read(ready[0], &byte, 1) != 1)
		abort();
	read_stage();
	ok(got.events == 777 && got.ticks == 1 && got.open_runs == 1 && !got.truncated_runs,
	   "what was written up to the last tick can be read while it is being written");
	kill(child, SIGKILL);
	waitpid(child, &status, 0);
	read_stage();
	ok(WIFSIGNALED(status) && got.events == 777 && got.open_runs == 1 && !got.truncated_runs,
	   "and after kill -9; the run just ends");
	close(ready[0]);
	close(ready[1]);
	clear_stage();
}

/* A limit on the size of files stands for a full disk: write(2) says EFBIG. */
static void test_full(void)
{
	struct journal_options options = stage_options();
	struct rlimit limit, narrow;
	struct journal *journal;
	uint64_t lost;

	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &limit);
	journal = stage_open(&options);
	put_exchanges(journal, 0, 1000);
	journal_flush(journal);
	narrow = limit;
	narrow.rlim_cur = 30000;
	setrlimit(RLIMIT_FSIZE, &narrow);
	put_exchanges(journal, 1000, 8000);
	journal_flush(journal);
	narrow.rlim_cur = 10; /* not even a header goes in */
	setrlimit(RLIMIT_FSIZE, &narrow);
	put_exchanges(journal, 9000, 500);
	journal_flush(journal);
	setrlimit(RLIMIT_FSIZE, &limit);
	lost = journal_counts(journal)->lost;
	ok(lost > 500 && lost <= 8500 && journal_counts(journal)->failures >= 2,
	   "what a full disk does not take is counted, and nobody is stopped");
	put_exchanges(journal, 9500, 500);
	journal_close(journal);
	read_stage();
	printf("# %llu lost, %u read\n", (unsigned long long)lost, got.events);
	ok(got.runs == 1 && got.events == 10000 - lost && got.counts.lost == lost &&
		   got.next == 10000 && !got.disordered,
	   "when there is room again it goes on; the reader knows how many are missing");
	ok(got.truncated_runs == 1 && !got.counts.damaged && !got.open_runs,
	   "and says so; nothing else is called damaged");
	clear_stage();
}

static void test_without_privileges(void)
{
	struct journal_options options = stage_options();
	struct journal *journal;
	char below[128], error[JOURNAL_ERROR_SIZE] = "";
	int err;

	if (geteuid()) {
		skip("files are made after privileges are given up", "needs root");
		return;
	}
	snprintf(below, sizeof(below), "%s/made", stage);
	options.directory = below;
	options.uid = options.gid = NOBODY;
	options.rotate_ns = 1;
	if (chmod(stage, 0755))
		abort();
	journal = stage_open(&options);
	if (setegid(NOBODY) || seteuid(NOBODY))
		abort();
	for (int i = 0; journal && i < 3; i++) {
		put_exchange(journal, i);
		journal_flush(journal);
	}
	ok(journal && journal_counts(journal)->files >= 3 && !journal_counts(journal)->failures,
	   "files are made after privileges are given up");
	journal_close(journal);
	if (seteuid(0) || setegid(0))
		abort();
	options.directory = stage;
	err = journal_open(&journal, &options, error);
	ok(err == -EACCES && strstr(error, "chown"),
	   "a directory that the later account cannot write to is refused at the start");
	strcpy(stage + strlen(stage), "/made");
	end_stage();
	*strrchr(stage, '/') = '\0';
}

static void test_refusals(void)
{
	struct journal_options options = stage_options();
	char error[JOURNAL_ERROR_SIZE] = "", below[128];
	struct journal *journal = NULL;
	int err;

	snprintf(below, sizeof(below), "%s/not/there", stage);
	options.directory = below;
	err = journal_open(&journal, &options, error);
	ok(err == -ENOENT && strstr(error, below) && !journal,
	   "a directory in one that is not there is refused");
	options.directory = "/dev/null";
	err = journal_open(&journal, &options, error);
	ok(err == -ENOTDIR && strstr(error, "/dev/null") && !journal, "so is what is none");
}

int main(void)
{
	begin_stage();
	test_all_comes_back();
	test_rotation();
	test_quota();
	test_runs();
	test_clock_back();
	test_kill();
	test_full();
	test_without_privileges();
	test_refusals();
	end_stage();
	return done();
}
