// SPDX-License-Identifier: BSD-2-Clause
/* Real captures: server names and JA4 of every TLS client are what FoxIO's own tool says. */
#include <limits.h>
#include <pcap/pcap.h>
#include <stdlib.h>
#include <string.h>
#include "skua/parse.h"
#include "dissect/dissect.h"
#include "tap.h"

#define ROWS_MAX 512

struct row {
	char file[128];
	struct address client, server;
	uint16_t client_port, server_port;
	char name[FACT_NAME_MAX];
	char ja4[40];
	bool met;
};

struct corpus {
	char directory[PATH_MAX / 2];
	struct row rows[ROWS_MAX];
	unsigned count;
	const char *file;  /* that is read now */
	unsigned unlisted; /* hellos that no row expects */
};

static bool row_is(const struct row *row, const struct fact_hello *hello)
{
	const struct skua_flow_key *key = &hello->key;
	bool high = hello->client == SKUA_HIGH;
	struct address client = address_from(high ? key->high : key->low);
	struct address server = address_from(high ? key->low : key->high);

	return address_equal(&row->client, &client) && address_equal(&row->server, &server) &&
	       row->client_port == (high ? key->high_port : key->low_port) &&
	       row->server_port == (high ? key->low_port : key->high_port) &&
	       !strcmp(row->name, hello->name) && !strcmp(row->ja4, hello->ja4);
}

static void meet(void *arg, const struct fact *fact)
{
	struct corpus *corpus = arg;

	if (fact->kind != FACT_HELLO || !fact->hello.tls)
		return;
	for (unsigned i = 0; i < corpus->count; i++) {
		struct row *row = &corpus->rows[i];

		if (row->met || strcmp(row->file, corpus->file) || !row_is(row, &fact->hello))
			continue;
		row->met = true;
		return;
	}
	corpus->unlisted++;
	printf("# %s: nobody expects %s %s\n", corpus->file, fact->hello.name, fact->hello.ja4);
}

static void add_packet(struct corpus *corpus, struct dissect *dissect, enum skua_link link,
		       const struct pcap_pkthdr *header, const uint8_t *bytes)
{
	struct skua_frame frame = { bytes, bytes + header->caplen, SKUA_FRAME_WHOLE };
	struct skua_sample_event sample;
	struct skua_parsed parsed;
	struct skua_flow_key key;

	memset(&sample, 0, sizeof(sample));
	if (skua_parse(&frame, header->len, link, true, &parsed) != SKUA_PARSED)
		return;
	sample.sender = skua_flow_key_init(&key, &parsed.pkt);
	skua_event_init(&sample.head, SKUA_EVENT_SAMPLE, &key, 1,
			header->ts.tv_sec * SKUA_SECOND_NS);
	sample.length = header->len;
	sample.captured = header->caplen;
	sample.seq = parsed.pkt.seq;
	sample.payload = parsed.pkt.payload;
	sample.offset = parsed.pkt.payload_at;
	sample.link = link;
	sample.from_client = 1; /* nobody has told who is */
	sample.tcp_flags = parsed.pkt.tcp_flags;
	dissect_sample(dissect, &sample, bytes, meet, corpus);
}

static bool read_capture(struct corpus *corpus, const char *file)
{
	char path[PATH_MAX], error[PCAP_ERRBUF_SIZE];
	struct pcap_pkthdr *header;
	struct dissect *dissect;
	const uint8_t *bytes;
	enum skua_link link;
	pcap_t *pcap;

	snprintf(path, sizeof(path), "%s/%s", corpus->directory, file);
	pcap = pcap_open_offline(path, error);
	if (!pcap || dissect_open(&dissect, 64))
		return false;
	corpus->file = file;
	link = pcap_datalink(pcap) == DLT_NULL ? SKUA_LINK_NULL : SKUA_LINK_ETHERNET;
	while (pcap_next_ex(pcap, &header, &bytes) == 1)
		add_packet(corpus, dissect, link, header, bytes);
	dissect_close(dissect);
	pcap_close(pcap);
	return true;
}

static bool read_row(char *line, struct row *row)
{
	char *word[8];

	for (int i = 0; i < 8; i++)
		word[i] = strsep(&line, "\t\n");
	if (!word[7] || address_parse(&row->client, word[2]) ||
	    address_parse(&row->server, word[4]))
		return false;
	snprintf(row->file, sizeof(row->file), "%s", word[0]);
	row->client_port = atoi(word[3]);
	row->server_port = atoi(word[5]);
	snprintf(row->name, sizeof(row->name), "%s", word[6]);
	snprintf(row->ja4, sizeof(row->ja4), "%s", word[7]);
	return true;
}

static bool read_rows(struct corpus *corpus)
{
	const char *directory = getenv("SKUA_CORPUS");
	char path[PATH_MAX], line[1024];
	FILE *file;

	snprintf(corpus->directory, sizeof(corpus->directory), "%s",
		 directory ? directory : "../shared/corpus");
	snprintf(path, sizeof(path), "%s/JA4-EXPECTED.tsv", corpus->directory);
	file = fopen(path, "r");
	if (!file)
		return false;
	while (corpus->count < ROWS_MAX && fgets(line, sizeof(line), file))
		corpus->count += read_row(line, &corpus->rows[corpus->count]);
	fclose(file);
	return true;
}

static bool is_first_of_file(const struct corpus *corpus, unsigned i)
{
	for (unsigned k = 0; k < i; k++)
		if (!strcmp(corpus->rows[k].file, corpus->rows[i].file))
			return false;
	return true;
}

int main(void)
{
	static struct corpus corpus;
	unsigned missed = 0, unread = 0;

	if (!read_rows(&corpus)) {
		skip("JA4 of real captures", "no corpus: set SKUA_CORPUS to its directory");
		return done();
	}
	for (unsigned i = 0; i < corpus.count; i++)
		if (is_first_of_file(&corpus, i))
			unread += !read_capture(&corpus, corpus.rows[i].file);
	for (unsigned i = 0; i < corpus.count; i++) {
		const struct row *row = &corpus.rows[i];

		if (row->met)
			continue;
		missed++;
		printf("# missed: %s port %u %s %s\n", row->file, row->client_port, row->name,
		       row->ja4);
	}
	printf("# %u rows\n", corpus.count);
	ok(corpus.count > 0, "there are expectations");
	ok(!unread, "every capture is read");
	ok(!missed, "every client's name and JA4 are found");
	ok(!corpus.unlisted, "nothing else is taken for a TLS client");
	return done();
}
