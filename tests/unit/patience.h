/* SPDX-License-Identifier: BSD-2-Clause */
/* A disk and a machine that have time: the test is who waits for what, not how fast either is. */
#ifndef TESTS_PATIENCE_H
#define TESTS_PATIENCE_H

#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#define PATIENCE_S 60 /* longer than any machine that still does something */

typedef int timedwait_fn(pthread_cond_t *condition, pthread_mutex_t *lock,
			 const struct timespec *until);

static bool hasty; /* deadlines are as they are told: what is waited for shall not come */
/* By the one thread that has deadlines: how often, and what was asked for, whatever it took. */
static unsigned waits_begun;
static int64_t longest_wait_ms;

/* Stands before the C library's, as does fsync().  All deadlines are on CLOCK_MONOTONIC. */
int pthread_cond_timedwait(pthread_cond_t *condition, pthread_mutex_t *lock,
			   const struct timespec *until)
{
	timedwait_fn *wait = (timedwait_fn *)dlsym(RTLD_NEXT, "pthread_cond_timedwait");
	struct timespec now, later = *until;
	int64_t asked_ms;

	clock_gettime(CLOCK_MONOTONIC, &now);
	asked_ms = (until->tv_sec - now.tv_sec) * 1000 + (until->tv_nsec - now.tv_nsec) / 1000000;
	waits_begun++;
	if (asked_ms > longest_wait_ms)
		longest_wait_ms = asked_ms;
	if (!hasty)
		later.tv_sec += PATIENCE_S;
	return wait(condition, lock, &later);
}

int fsync(int fd)
{
	return -(fd < 0);
}

#endif /* TESTS_PATIENCE_H */
