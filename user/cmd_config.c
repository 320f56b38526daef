// SPDX-License-Identifier: BSD-2-Clause
/* skua config: what can be configured, what is, and whether a file is good. */
#include <errno.h>
#include <stddef.h>
#include <string.h>
#include "base/log.h"
#include "cmd.h"
#include "command_tables.h"
#include "config/config_write.h"
#include "run/run_settings.h"

struct settings {
	bool commented, mdoc;
};

static const struct option_row rows[] = {
	{ "commented", 0, OPTION_FLAG, offsetof(struct settings, commented), NULL,
	  "dump: every key with its help and what holds by itself, as comments" },
	{ "mdoc", 0, OPTION_FLAG, offsetof(struct settings, mdoc), NULL,
	  "dump: the list of keys in skua.yaml(5)" },
	{ .name = NULL },
};

const struct option_command config_command = {
	.usage = "config dump [OPTION-OF-RUN]... | dump --commented | check FILE... | schema",
	.about = "What 'skua run' would do with this command line, environment and configuration\n"
		 "(dump: each value, and where it comes from); whether files are good, told with\n"
		 "line and column (check); a JSON Schema for editors (schema).\n"
		 "Exit: 0 good, 1 failure, 2 usage, or a configuration is not good.",
	.rows = rows,
};

static int dump(int argc, char **argv)
{
	struct config config = { .command = &run_command,
				 .settings = offsetof(struct run_settings, config),
				 .argc = argc,
				 .argv = argv };
	struct run_settings settings;
	int status = config_load(&config, &settings, sizeof(settings));

	if (status < 0) {
		config_write_values(stdout, &config, &settings);
		status = EXIT_OK;
	}
	config_close(&config);
	return status;
}

static int check(const char *path)
{
	struct config_texts texts = {};
	struct option_origins origins;
	struct run_settings settings = {};
	const struct config_rows to = { &run_command, &settings, &origins, &texts };
	int err;

	options_begin(&run_command, &settings, &origins);
	err = config_read_file(&to, path, false);
	if (!err)
		printf("%s: good\n", path);
	config_texts_free(&texts);
	return !err ? EXIT_OK : err == -ENOMEM ? EXIT_RUNTIME : EXIT_USAGE;
}

static int check_all(int count, char **paths)
{
	int worst = EXIT_OK;

	for (int i = 0; i < count; i++) {
		int status = check(paths[i]);

		worst = status > worst ? status : worst;
	}
	return worst;
}

static int refuse(void)
{
	log_error("config: say dump, check FILE or schema; 'skua config --help' shows how");
	return EXIT_USAGE;
}

int cmd_config(int argc, char **argv)
{
	struct settings settings = {};
	const char *word = argc > 1 && argv[1][0] != '-' ? argv[1] : NULL;
	int skip = word ? 1 : 0, first, status;

	if (word && !strcmp(word, "dump") &&
	    (argc == 2 || (strcmp(argv[2], "--commented") && strcmp(argv[2], "--mdoc") &&
			   strcmp(argv[2], "--help") && strcmp(argv[2], "-h"))))
		return dump(argc - 1, argv + 1);
	status = options_parse(&config_command, argc - skip, argv + skip, &settings, &first);
	if (status >= 0)
		return status;
	first += skip;
	if (!word)
		return refuse();
	if (!strcmp(word, "check") && first < argc)
		return check_all(argc - first, argv + first);
	if (!strcmp(word, "dump") && first == argc && settings.commented + settings.mdoc == 1)
		(settings.mdoc ? config_write_mdoc : config_write_sample)(stdout, &run_command);
	else if (!strcmp(word, "schema") && first == argc)
		config_write_schema(stdout, &run_command);
	else
		return refuse();
	return EXIT_OK;
}
