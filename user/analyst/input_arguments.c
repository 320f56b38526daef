// SPDX-License-Identifier: BSD-2-Clause
/* FILE... [FILTER] as every command takes them that reads captures. */
#include <errno.h>
#include <string.h>
#include <unistd.h>
#include "base/log.h"
#include "analyst/input_arguments.h"

static int join_filter(int argc, char **argv, char filter[INPUT_FILTER_SIZE])
{
	size_t length = 0;

	filter[0] = '\0';
	for (int i = 0; i < argc; i++) {
		size_t more = strlen(argv[i]);

		if (length + more + 2 > INPUT_FILTER_SIZE)
			return -E2BIG;
		if (length)
			filter[length++] = ' ';
		memcpy(filter + length, argv[i], more + 1);
		length += more;
	}
	return 0;
}

int input_arguments(int argc, char **argv, const char *const *read, struct file_in_options *input,
		    char filter[INPUT_FILTER_SIZE])
{
	int files = 0, rest;

	while (files < argc && strcmp(argv[files], "--") &&
	       (!strcmp(argv[files], "-") || !access(argv[files], F_OK)))
		files++;
	*input = (struct file_in_options){ .paths = (const char *const *)argv,
					   .path_count = (unsigned)files };
	if (read && *read) {
		input->paths = read;
		input->path_count = 1;
	}
	rest = files < argc && !strcmp(argv[files], "--") ? files + 1 : files;
	if (join_filter(argc - rest, argv + rest, filter)) {
		log_error(
			"the filter is longer than %d bytes: shorten it, or name files that exist",
			INPUT_FILTER_SIZE - 1);
		return -EINVAL;
	}
	input->filter = filter[0] ? filter : NULL;
	if (input->path_count)
		return 0;
	log_error(argc ? "%s: no such file: name a capture, or - for a pipe"
		       : "no capture: name a file, a directory, or - for a pipe",
		  argc ? argv[0] : "");
	return -EINVAL;
}
