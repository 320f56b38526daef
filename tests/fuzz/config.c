// SPDX-License-Identifier: BSD-2-Clause
/*
 * Whatever a configuration holds, it is refused with a place within it and a
 * reason that can be shown, or it is taken: then every value is within its
 * range, and what is written of them is taken again and says the same.
 */
#include <stdlib.h>
#include <string.h>
#include "config/config_write.h"
#include "option/option_value.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

struct settings {
	struct option_texts texts;
	struct option_networks locals;
	const char *host;
	uint64_t flows, ring;
	double score;
	int hook;
	bool pin;
};

#define FIELD(name) offsetof(struct settings, name)

static const struct option_row rows[] = {
	{ "texts", 0, OPTION_TEXTS, FIELD(texts), "NAME", "" },
	{ "local", 0, OPTION_NETWORK, FIELD(locals), "NET", "" },
	{ "host", 0, OPTION_TEXT, FIELD(host), "NAME", "" },
	{ "flows", 0, OPTION_NUMBER, FIELD(flows), "N", "", "100", .max = 1000 },
	{ "ring", 0, OPTION_NUMBER, FIELD(ring), "MB", "", "16", 64, OPTION_POWER_OF_2 },
	{ "min-score", 0, OPTION_SHARE, FIELD(score), "SCORE", "", "0.5" },
	{ "hook", 0, OPTION_CHOICE, FIELD(hook), "auto xdp tc", "" },
	{ "pin", 0, OPTION_FLAG, FIELD(pin), NULL, "" },
	{ .name = NULL },
};
static const struct option_command command = { "fuzz", "", rows };

static void need(bool good)
{
	if (!good)
		abort();
}

static int take(struct config *config, struct settings *settings, const char *text, size_t size,
		struct config_fault *fault)
{
	const struct config_rows to = { &command, settings, &config->origins, &config->texts };

	memset(settings, 0, sizeof(*settings));
	options_begin(&command, settings, &config->origins);
	return config_rows_yaml(&to, text, size, fault);
}

static void check_fault(const struct config_fault *fault, const char *text, size_t size)
{
	uint32_t lines = 1;

	/* libyaml counts these as ends of lines, too. */
	for (size_t i = 0; i < size; i++)
		lines += text[i] == '\n' || text[i] == '\r' || (text[i] & 0x80);
	need(fault->at.line >= 1 && fault->at.line <= lines + 1);
	need(fault->at.column >= 1 && fault->at.column <= size + 2);
	need(strlen(fault->why) > 0 && strlen(fault->why) < CONFIG_WHY);
	for (const char *at = fault->why; *at; at++)
		need((unsigned char)*at >= 0x20);
}

static void check_ranges(const struct settings *settings)
{
	need(settings->texts.count <= OPTION_TEXTS_MAX);
	need(settings->locals.count <= OPTION_NETWORKS);
	for (unsigned i = 0; i < settings->texts.count; i++)
		need(strlen(settings->texts.texts[i]) < CONFIG_TEXT_BYTES);
	need(settings->flows >= 1 && settings->flows <= 1000);
	need(settings->ring >= 1 && settings->ring <= 64 &&
	     !(settings->ring & (settings->ring - 1)));
	need(settings->score >= 0 && settings->score <= 1);
	need(settings->hook >= 0 && settings->hook <= 2);
}

/* What is shorter than nine decimals is lost of a share only. */
static void check_again(struct config *config, const struct settings *settings)
{
	struct config_fault fault;
	struct settings again;
	char *text = NULL;
	size_t size = 0;
	FILE *stream = open_memstream(&text, &size);

	need(stream != NULL);
	config_write_values(stream, config, settings);
	fclose(stream);
	need(!take(config, &again, text, size, &fault));
	for (const struct option_row *row = rows; row->name; row++)
		need(row->type == OPTION_SHARE || option_equal(row, settings, &again));
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct config config = { .command = &command, .path = "fuzz.yaml" };
	struct config_fault fault = { .at = { 0, 0 } };
	struct settings settings;
	/* A copy of its own, so that reading beyond the end is seen. */
	char *text = malloc(size ? size : 1);

	if (size > CONFIG_FILE_BYTES || !text) {
		free(text);
		return 0;
	}
	memcpy(text, bytes, size);
	if (take(&config, &settings, text, size, &fault)) {
		check_fault(&fault, text, size);
	} else {
		check_ranges(&settings);
		check_again(&config, &settings);
	}
	config_close(&config);
	free(text);
	return 0;
}
