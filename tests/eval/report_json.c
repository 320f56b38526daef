// SPDX-License-Identifier: BSD-2-Clause
/* Writes all figures as one JSON object. */
#include <errno.h>
#include "report.h"
#include "report_json.h"

static void put_exact(struct json *json, const struct tally *tally, const double bounds[MARKS])
{
	json_open_array(json, "exact");
	for (unsigned i = 0; i < MARKS; i++) {
		json_open_object(json, NULL);
		json_put_uint(json, "exchanges", marks[i]);
		report_json_rate(json, "raw", &tally->exact[i].raw);
		report_json_rate(json, "context", &tally->exact[i].context);
		json_put_uint(json, "short", tally->exact[i].too_short);
		if (bounds)
			json_put_real(json, "bound", bounds[i], 4);
		json_close(json);
	}
	json_close(json);
}

static void put_available(struct json *json, const struct tally *tally)
{
	json_open_array(json, "available");
	for (unsigned i = 0; i < MARKS; i++) {
		json_open_object(json, NULL);
		json_put_uint(json, "exchanges", marks[i]);
		report_json_rate(json, "raw", &tally->ever[i].raw);
		report_json_rate(json, "context", &tally->ever[i].context);
		report_json_rate(json, "rita", &tally->ever[i].rita);
		report_json_rate(json, "simple", &tally->ever[i].simple);
		json_close(json);
	}
	json_close(json);
	json_open_object(json, "detection");
	json_put_real(json, "exchanges_median", tally->exchanges[0], 0);
	json_put_real(json, "exchanges_p90", tally->exchanges[1], 0);
	json_put_real(json, "seconds_median", tally->seconds[0], 0);
	json_put_real(json, "seconds_p90", tally->seconds[1], 0);
	json_close(json);
}

static void put_group(struct json *json, const struct group *group)
{
	json_put_text(json, "list", list_names[group->list]);
	json_put_text(json, "law", law_name(group->law));
	json_put_uint(json, "jitter", group->shape);
	json_put_uint(json, "loss", group->loss);
}

static struct filter filter_of(const struct group *group)
{
	struct filter filter = FILTER_ALL;

	filter.list = group->list;
	filter.law = group->law;
	filter.shape = group->shape;
	filter.loss = group->loss;
	return filter;
}

static int put_groups(struct json *json, const struct results *results)
{
	json_open_array(json, "groups");
	for (unsigned i = 0; i < results->design->group_count; i++) {
		const struct group *group = &results->design->groups[i];
		struct filter filter = filter_of(group);
		struct tally tally;

		if (tally_beacons(results, &filter, &tally))
			return -ENOMEM;
		json_open_object(json, NULL);
		put_group(json, group);
		json_put_uint(json, "beacons", tally.beacons);
		put_exact(json, &tally, results->bounds[i]);
		put_available(json, &tally);
		json_close(json);
	}
	json_close(json);
	return 0;
}

static int put_axis(struct json *json, const struct results *results, struct filter filter,
		    const char *axis, const char *value)
{
	struct tally tally;

	if (tally_beacons(results, &filter, &tally))
		return -ENOMEM;
	json_open_object(json, NULL);
	json_put_text(json, "list", list_names[filter.list]);
	json_put_text(json, "axis", axis);
	json_put_text(json, "value", value);
	json_put_uint(json, "beacons", tally.beacons);
	put_exact(json, &tally, NULL);
	put_available(json, &tally);
	json_close(json);
	return 0;
}

static const unsigned intervals_s[] = { 5, 30, 60, 300, 900, 3600, 14400 };
static const unsigned hours[] = { 1, 8, 24 };

static int put_axes_of(struct json *json, const struct results *results, enum list list)
{
	const struct filter all = { list, ANY, ANY, ANY, ANY, ANY, ANY, ANY, ANY, ANY, 100, false };
	struct filter filter;
	char value[16];
	int err = 0;

	for (unsigned i = 0; !err && i < sizeof(intervals_s) / sizeof(intervals_s[0]); i++) {
		filter = all;
		filter.interval_s = intervals_s[i];
		snprintf(value, sizeof(value), "%u", intervals_s[i]);
		err = put_axis(json, results, filter, "interval", value);
	}
	for (unsigned i = 0; !err && i < sizeof(hours) / sizeof(hours[0]); i++) {
		filter = all;
		filter.hours = hours[i];
		snprintf(value, sizeof(value), "%u", hours[i]);
		err = put_axis(json, results, filter, "duration", value);
	}
	for (int i = 0; !err && i < 2; i++) {
		filter = all;
		filter.keepalive = i;
		err = put_axis(json, results, filter, "mode", i ? "keep-alive" : "reconnect");
	}
	for (int i = 0; !err && i < 2; i++) {
		filter = all;
		filter.small = i;
		err = put_axis(json, results, filter, "bytes", i ? "small" : "usual");
	}
	for (int i = 0; !err && i < SIZES; i++) {
		filter = all;
		filter.sizes = i;
		err = put_axis(json, results, filter, "sizes", sizes_names[i]);
	}
	for (int i = 0; !err && i < VIEWS; i++) {
		filter = all;
		filter.view = i;
		err = put_axis(json, results, filter, "view", view_names[i]);
	}
	return err;
}

static int put_axes(struct json *json, const struct results *results)
{
	int err = 0;

	json_open_array(json, "axes");
	for (enum list list = 0; !err && list < LISTS; list++)
		err = put_axes_of(json, results, list);
	json_close(json);
	return err;
}

/* Every cell of the grid, one beacon or more in each. */
static int put_cell(struct json *json, const struct results *results, const struct group *group,
		    unsigned cell)
{
	struct filter filter = filter_of(group);
	struct tally tally;

	filter.interval_s = intervals_s[cell % 7];
	filter.keepalive = cell / 7 % 2;
	filter.sizes = cell / 14 % SIZES;
	filter.hours = hours[cell / 42 % 3];
	filter.view = cell / 126;
	if (tally_beacons(results, &filter, &tally))
		return -ENOMEM;
	json_open_object(json, NULL);
	put_group(json, group);
	json_put_uint(json, "interval", filter.interval_s);
	json_put_text(json, "mode", filter.keepalive ? "keep-alive" : "reconnect");
	json_put_text(json, "sizes", sizes_names[filter.sizes]);
	json_put_uint(json, "duration", filter.hours);
	json_put_text(json, "view", view_names[filter.view]);
	json_put_uint(json, "beacons", tally.beacons);
	put_exact(json, &tally, NULL);
	put_available(json, &tally);
	json_close(json);
	return 0;
}

static int put_cells(struct json *json, const struct results *results)
{
	int err = 0;

	json_open_array(json, "cells");
	for (unsigned i = 0; !err && i < results->design->group_count; i++)
		for (unsigned cell = 0; !err && cell < 126 * VIEWS; cell++)
			err = put_cell(json, results, &results->design->groups[i], cell);
	json_close(json);
	return err;
}

static void put_lists(struct json *json, const struct results *results)
{
	json_open_array(json, "lists");
	for (enum list list = 0; list < LISTS; list++) {
		const struct list_of *of = &results->design->lists[list];

		json_open_object(json, NULL);
		json_put_text(json, "list", list_names[list]);
		json_open_array(json, "seeds");
		for (unsigned i = 0; i < of->seed_count; i++)
			json_put_uint(json, NULL, of->seeds[i]);
		json_close(json);
		json_open_array(json, "laws");
		for (unsigned i = 0; i < of->law_count; i++)
			json_put_text(json, NULL, law_name(of->laws[i]));
		json_close(json);
		json_close(json);
	}
	json_close(json);
}

int report_json(const struct results *results, FILE *stream)
{
	struct json json;
	int err;

	json_init(&json, stream);
	json_open_object(&json, NULL);
	json_put_real(&json, "seconds", results->seconds, 1);
	json_put_bool(&json, "all", results->all);
	json_open_array(&json, "ablate");
	for (unsigned i = 0; i < results->without_rule_count; i++)
		json_put_text(&json, NULL, results->without_rules[i]);
	json_close(&json);
	put_lists(&json, results);
	err = put_groups(&json, results);
	if (!err)
		err = put_axes(&json, results);
	if (!err && results->all)
		err = put_cells(&json, results);
	report_json_alarms(&json, results);
	if (!err)
		err = report_json_goals(&json, results);
	json_close(&json);
	json_end_line(&json);
	return err;
}
