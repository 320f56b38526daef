// SPDX-License-Identifier: BSD-2-Clause
/* How far long work has come. */
#include <stdio.h>
#include <time.h>
#include <unistd.h>
#include "session/progress.h"

static double now_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

void progress_init(struct progress *progress, enum progress_style style)
{
	if (style == PROGRESS_AUTO)
		style = isatty(STDERR_FILENO) ? PROGRESS_ALWAYS : PROGRESS_NEVER;
	*progress = (struct progress){ .style = style };
	progress->begun_s = progress->said_s = now_s();
}

static void say_json(double elapsed_s, double share, const struct progress_state *state)
{
	fprintf(stderr, "{\"progress\":%.4f,\"packets\":%llu,\"elapsed_s\":%.1f,\"%s\":%llu}\n",
		share, (unsigned long long)state->packets, elapsed_s, state->counted,
		(unsigned long long)state->count);
}

static void say_line(double elapsed_s, double share, const struct progress_state *state)
{
	double capture_h = (state->last_ns - state->first_ns) / 3.6e12;

	fprintf(stderr, "\r\033[K");
	if (share > 0)
		fprintf(stderr, "%3.0f %%, ", 100 * share);
	fprintf(stderr, "%llu packets, %.0f k/s, %.1f h of capture, %llu %s",
		(unsigned long long)state->packets, state->packets / elapsed_s / 1000, capture_h,
		(unsigned long long)state->count, state->counted);
	if (share > 0.01)
		fprintf(stderr, ", %.0f s left", elapsed_s * (1 - share) / share);
	fflush(stderr);
}

void progress_say(struct progress *progress, const struct file_in *input,
		  const struct progress_state *state)
{
	double now, share = 0;

	if (progress->style == PROGRESS_NEVER)
		return;
	now = now_s();
	if (now < progress->said_s + 1)
		return;
	progress->said_s = now;
	if (file_in_size(input))
		share = (double)file_in_position(input) / file_in_size(input);
	if (progress->style == PROGRESS_JSON) {
		say_json(now - progress->begun_s, share, state);
		return;
	}
	say_line(now - progress->begun_s, share, state);
	progress->shown = true;
}

void progress_replay(struct progress *progress, const struct replay *replay, uint64_t findings)
{
	const struct replay_totals *totals = replay_totals(replay);
	const struct progress_state state = { .packets = totals->packets,
					      .first_ns = totals->first_ns,
					      .last_ns = totals->last_ns,
					      .counted = "findings",
					      .count = findings };

	progress_say(progress, replay_input(replay), &state);
}

double progress_end(struct progress *progress)
{
	if (progress->shown)
		fprintf(stderr, "\r\033[K");
	progress->shown = false;
	return now_s() - progress->begun_s;
}
