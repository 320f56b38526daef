// SPDX-License-Identifier: BSD-2-Clause
/* Reads the lists of seeds and laws. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/log.h"
#include "design_lists.h"

static int read_seed(struct list_of *list, const char *word)
{
	char *end;

	if (list->seed_count == DESIGN_SEEDS)
		return -E2BIG;
	list->seeds[list->seed_count++] = strtoull(word, &end, 10);
	return *end ? -EINVAL : 0;
}

static int read_law(enum law *laws, unsigned *count, const char *word, bool noise)
{
	enum law law = law_find(word, strlen(word));

	if (law == LAWS || (law >= LAW_BEACONS) != noise || *count == DESIGN_LAWS)
		return -EINVAL;
	laws[(*count)++] = law;
	return 0;
}

static int read_line(struct list_of *list, char *line)
{
	char *rest = line, *what = strsep(&rest, " \n"), *word;
	int err = 0;

	while (!err && (word = strsep(&rest, " \n"))) {
		if (!*word)
			continue;
		if (!strcmp(what, "seeds"))
			err = read_seed(list, word);
		else if (!strcmp(what, "laws"))
			err = read_law(list->laws, &list->law_count, word, false);
		else if (!strcmp(what, "noise"))
			err = read_law(list->noises, &list->noise_count, word, true);
		else
			err = -EINVAL;
	}
	return err;
}

static int read_list(struct list_of *list, const char *path)
{
	FILE *file = fopen(path, "re");
	char line[256];
	int err = 0;

	if (!file)
		return -errno;
	while (!err && fgets(line, sizeof(line), file))
		if (line[0] != '#' && line[0] != '\n')
			err = read_line(list, line);
	fclose(file);
	return !err && !(list->seed_count && list->law_count && list->noise_count) ? -EINVAL : err;
}

/* What was tuned by must not be what is reported. */
static bool disjoint(const struct list_of *one, const struct list_of *other)
{
	for (unsigned i = 0; i < one->seed_count; i++)
		for (unsigned j = 0; j < other->seed_count; j++)
			if (one->seeds[i] == other->seeds[j])
				return false;
	for (unsigned i = 0; i < one->law_count; i++)
		for (unsigned j = 0; j < other->law_count; j++)
			if (one->laws[i] == other->laws[j])
				return false;
	return true;
}

int design_read_lists(struct list_of lists[LISTS], const char *directory)
{
	for (enum list list = 0; list < LISTS; list++) {
		char path[256];
		int err;

		snprintf(path, sizeof(path), "%s/%s.txt", directory, list_names[list]);
		err = read_list(&lists[list], path);
		if (err) {
			log_error("%s: %s", path, strerror(-err));
			return err;
		}
	}
	if (disjoint(&lists[LIST_TUNE], &lists[LIST_REPORT]))
		return 0;
	log_error("%s: tune.txt and report.txt share a seed or a law", directory);
	return -EINVAL;
}
