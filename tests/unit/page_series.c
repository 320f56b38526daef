// SPDX-License-Identifier: BSD-2-Clause
/* The log of points: what it keeps, what it thins, and what it says of that. */
#include <stdlib.h>
#include <string.h>
#include "page/scan_grid.h"
#include "page/series.h"
#include "tap.h"

static struct pair_key key_of(unsigned number)
{
	struct pair_key key = { .kind = PAIR_SERVER, .name_hash = number };

	return key;
}

static void add(struct series_log *log, unsigned series, uint64_t time_ns, uint64_t value)
{
	const struct series_point point = { .time_ns = time_ns, .value = value };
	const struct pair_key key = key_of(series);

	series_add(log, &key, &point, true);
}

static struct series_read read_of(const struct series_log *log, unsigned series)
{
	const struct pair_key key = key_of(series);
	struct series_read read;

	if (series_read(log, &key, &read))
		abort();
	return read;
}

static bool is_sorted(const struct series_read *read)
{
	for (uint32_t i = 1; i < read->count; i++)
		if (read->points[i - 1].time_ns > read->points[i].time_ns)
			return false;
	return true;
}

static void test_room(void)
{
	struct series_log log;
	struct series_read read;

	if (series_init(&log, 1000, 8))
		abort();
	for (unsigned i = 100; i--;)
		add(&log, 1, 1000 + i, i);
	add(&log, 2, 5, 7);
	read = read_of(&log, 1);
	ok(read.count == 100 && read.seen == 100 && is_sorted(&read) && read.points[3].value == 3,
	   "while there is room all is kept, and read by time");
	free(read.points);
	read = read_of(&log, 3);
	ok(!read.count && !read.seen && !read.points, "of who never was there is nothing");
	series_fini(&log);
}

static void test_thinning(void)
{
	struct series_log log, again;
	struct series_read read, short_one, same;

	if (series_init(&log, 10000, 8) || series_init(&again, 10000, 8))
		abort();
	for (unsigned i = 0; i < 200000; i++) {
		add(&log, 1, i * 1000ull, i);
		add(&again, 1, i * 1000ull, i);
		if (i % 2000 == 0) {
			add(&log, 2, i * 1000ull, i);
			add(&again, 2, i * 1000ull, i);
		}
	}
	read = read_of(&log, 1);
	short_one = read_of(&log, 2);
	same = read_of(&again, 1);
	ok(read.count > 1000 && read.count < 10000 && read.seen == 200000 && is_sorted(&read),
	   "a series that is too long is thinned, and it is known how long it was");
	ok(read.points[0].time_ns < 2000000 && read.points[read.count - 1].time_ns > 198000000,
	   "it is thinned everywhere, not at an end");
	ok(short_one.count == 100 && short_one.seen == 100, "a short one beside it stays whole");
	ok(same.count == read.count &&
		   !memcmp(same.points, read.points, read.count * sizeof(*read.points)),
	   "the same input keeps the same points");
	free(read.points);
	free(short_one.points);
	free(same.points);
	series_fini(&log);
	series_fini(&again);
}

/* More series than fit, each of few points: the silent ones go, and nothing runs over. */
static void test_many(void)
{
	struct series_log log;
	struct series_read read;
	uint64_t kept = 0;

	if (series_init(&log, 500, 64))
		abort();
	for (unsigned i = 0; i < 100000; i++)
		add(&log, i / 3, i, i);
	for (unsigned i = 0; i < 100000 / 3; i++) {
		read = read_of(&log, i);
		kept += read.count;
		free(read.points);
	}
	ok(log.used <= 500 && kept > 50 && kept <= 500, "many short series stay within the log");
	read = read_of(&log, 33333);
	ok(read.seen == 1, "the newest is there");
	free(read.points);
	series_fini(&log);
}

/* A slow one among many that come once: it came five times, and must be whole at the end. */
static void test_patience(void)
{
	const uint64_t minute_ns = 60000000000ull;
	struct series_log log;
	struct series_read read;

	if (series_init(&log, 100000, 64))
		abort();
	for (unsigned i = 0; i < 100; i++) {
		add(&log, 1, i * minute_ns, i);
		for (unsigned k = 0; i >= 5 && k < 500; k++)
			add(&log, 1000 + i * 500 + k, i * minute_ns + k, k);
	}
	read = read_of(&log, 1);
	ok(read.count == 100 && read.seen == 100,
	   "those that came once do not push out a slow one");
	free(read.points);
	series_fini(&log);
}

static void fill(struct series_point *points, unsigned targets, unsigned ports)
{
	for (unsigned i = 0; i < targets * ports; i++) {
		points[i] = (struct series_point){ .time_ns = 1000 + i, .port = i % ports };
		points[i].other.bytes[14] = i / ports >> 8;
		points[i].other.bytes[15] = i / ports;
	}
}

static uint64_t sum_of(const struct scan_grid *grid)
{
	uint64_t sum = 0;

	for (unsigned row = 0; row < grid->rows; row++)
		for (unsigned column = 0; column < grid->columns; column++)
			sum += grid->cells[row][column];
	return sum;
}

static void test_grid(void)
{
	static struct series_point points[300 * 100];
	static struct scan_grid grid;
	uint32_t values = 0;

	fill(points, 5, 7);
	ok(!scan_grid_fill(&grid, points, 35) && grid.rows == 5 && grid.columns == 7 &&
		   grid.rows_are == GRID_TARGET && grid.columns_are == GRID_PORT &&
		   grid.most == 1 && sum_of(&grid) == 35,
	   "few targets and ports have a row and a column each");
	fill(points, 300, 100);
	if (scan_grid_fill(&grid, points, 30000))
		abort();
	for (unsigned i = 0; i < grid.rows; i++)
		values += grid.row[i].values;
	ok(grid.rows == 48 && grid.columns == 48 && grid.targets == 300 && grid.ports == 100 &&
		   sum_of(&grid) == 30000 && values == 300,
	   "many share 48 rows and columns, and none is lost");
	fill(points, 1, 500);
	ok(!scan_grid_fill(&grid, points, 500) && grid.rows_are == GRID_PORT &&
		   grid.columns_are == GRID_TIME && sum_of(&grid) == 500,
	   "of a single target ports are drawn by time");
	fill(points, 1, 1);
	ok(!scan_grid_fill(&grid, points, 1) && grid.rows == 1 && sum_of(&grid) == 1,
	   "a single attempt has its cell");
}

int main(void)
{
	test_room();
	test_thinning();
	test_many();
	test_patience();
	test_grid();
	return done();
}
