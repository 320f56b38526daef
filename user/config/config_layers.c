// SPDX-License-Identifier: BSD-2-Clause
/* Fills the settings of a command, layer by layer. */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/log.h"
#include "base/remedy.h"
#include "base/exit.h"
#include "config/config_layers.h"

#define PREFIX "SKUA_"
#define WAIT_MS 2000 /* for whoever writes into a pipe */

extern char **environ;

const char *config_variable(const struct option_row *row, char to[CONFIG_VARIABLE])
{
	snprintf(to, CONFIG_VARIABLE, PREFIX "%s", row->name);
	for (char *at = to; *at; at++)
		*at = *at == '-' ? '_' : toupper((unsigned char)*at);
	return to;
}

/* Whole, but no more than is allowed: its length, or -errno. */
static ssize_t read_text(const char *path, char text[CONFIG_FILE_BYTES + 1])
{
	/* A pipe that nobody writes to must not hold up an agent. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct pollfd wait = { .fd = fd, .events = POLLIN };
	size_t length = 0;
	ssize_t got;

	if (fd < 0)
		return -errno;
	do {
		got = read(fd, text + length, CONFIG_FILE_BYTES + 1 - length);
		if (got < 0 && errno != EINTR && (errno != EAGAIN || poll(&wait, 1, WAIT_MS) <= 0))
			break;
		length += got > 0 ? got : 0;
	} while (got && length <= CONFIG_FILE_BYTES);
	got = got < 0 ? -errno : length > CONFIG_FILE_BYTES ? -EFBIG : (ssize_t)length;
	close(fd);
	return got;
}

int config_read_file(const struct config_rows *rows, const char *path, bool may_miss)
{
	char *text = malloc(CONFIG_FILE_BYTES + 1);
	ssize_t length = text ? read_text(path, text) : -ENOMEM;
	struct config_fault fault;
	int err = length < 0 ? (int)length : config_rows_yaml(rows, text, length, &fault);

	free(text);
	if (err == -ENOENT && may_miss)
		return err;
	if (err == -EINVAL && length >= 0)
		log_error("%s:%u:%u: %s", path, fault.at.line, fault.at.column, fault.why);
	else if (err == -EFBIG)
		log_error("%s: longer than %u bytes, which no configuration needs", path,
			  CONFIG_FILE_BYTES);
	else if (err)
		log_error("cannot read the configuration %s: %s; %s", path, strerror(-err),
			  remedy_read(err));
	return err;
}

static int take_file(struct config *config, const struct config_rows *rows, const char *path)
{
	const char *name = path ? path : CONFIG_PATH;
	int err = config_read_file(rows, name, !path);

	snprintf(config->path, sizeof(config->path), "%s", err ? "" : name);
	return err == -ENOENT && !path ? 0 : err;
}

/* What nearly is one of ours may be a slip; others' variables may begin so as well. */
static void warn_of_slip(const struct config_rows *rows, const char *variable, size_t length)
{
	const struct option_row *near;
	char word[CONFIG_WHY], name[CONFIG_VARIABLE];

	snprintf(word, sizeof(word), "%.*s", (int)length, variable);
	near = config_rows_nearest(rows->command, word + strlen(PREFIX));
	if (near)
		log_warning("%s in the environment is not used: did you mean %s?", word,
			    config_variable(near, name));
}

static const struct option_row *find_variable(const struct option_command *command,
					      const char *variable, size_t length)
{
	char name[CONFIG_VARIABLE];

	for (const struct option_row *row = command->rows; row->name; row++)
		if (!(row->traits & OPTION_COMMAND_LINE) &&
		    strlen(config_variable(row, name)) == length && !memcmp(name, variable, length))
			return row;
	return NULL;
}

static int take_environment(const struct config_rows *rows)
{
	for (char **at = environ; at && *at; at++) {
		size_t length = strcspn(*at, "=");
		const struct option_row *row;
		char why[CONFIG_WHY];

		if (strncmp(*at, PREFIX, strlen(PREFIX)) || !(*at)[length])
			continue;
		row = find_variable(rows->command, *at, length);
		if (!row)
			warn_of_slip(rows, *at, length);
		if (!row || !(*at)[length + 1])
			continue;
		if (config_rows_text(rows, row, OPTION_ENVIRONMENT, *at + length + 1, why)) {
			log_error("%.*s in the environment: %s", (int)length, *at, why);
			return -EINVAL;
		}
	}
	return 0;
}

/* KEY=VALUE of --set, which goes before the options of the same name. */
static int take_set(const struct config_rows *rows, const struct option_texts *set)
{
	for (unsigned i = 0; i < set->count; i++) {
		const char *text = set->texts[i];
		size_t length = strcspn(text, "=");
		const struct option_row *row = NULL;
		char key[CONFIG_VARIABLE], why[CONFIG_WHY];

		snprintf(key, sizeof(key), "%.*s", (int)length, text);
		if (!text[length])
			snprintf(why, sizeof(why), "KEY=VALUE belongs here");
		else
			row = config_rows_find(rows->command, key, why);
		if (!row || config_rows_text(rows, row, OPTION_ARGUMENT, text + length + 1, why)) {
			log_error("--set %s: %s", text, why);
			return -EINVAL;
		}
	}
	return 0;
}

/* The least layer is read last but one, yet the last one names its file. */
static int find_named(struct config *config, struct config_settings *out, size_t size)
{
	struct option_origins origins;
	char *scratch = calloc(1, size);
	int status;

	if (!scratch) {
		log_error("cannot start: out of memory");
		return EXIT_RUNTIME;
	}
	options_begin(config->command, scratch, &origins);
	status = options_override(config->command, config->argc, config->argv, scratch, &origins,
				  &config->first);
	memcpy(out, scratch + config->settings, sizeof(*out));
	free(scratch);
	return status;
}

int config_load(struct config *config, void *settings, size_t size)
{
	struct config_rows rows = { config->command, settings, &config->origins, &config->texts };
	struct config_settings named;
	int status = find_named(config, &named, size);

	if (status >= 0)
		return status;
	memset(settings, 0, size);
	options_begin(config->command, settings, &config->origins);
	if (take_file(config, &rows, named.path) || take_environment(&rows))
		return EXIT_USAGE;
	status = options_override(config->command, config->argc, config->argv, settings,
				  &config->origins, &config->first);
	if (status < 0 && take_set(&rows, &named.set))
		return EXIT_USAGE;
	return status;
}

void config_close(struct config *config)
{
	config_texts_free(&config->texts);
}
