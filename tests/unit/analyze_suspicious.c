// SPDX-License-Identifier: BSD-2-Clause
/* Each rule of skua suspicious beyond the recipe's: at its border, and what looks alike. */
#include <sys/mman.h>
#include <unistd.h>
#include "dissect/bytes.h"
#include "dissect/dns_view.h"
#include "dissect/ftp_line.h"
#include "dissect/http_message.h"
#include "dissect/smb2_view.h"
#include "suspicious_stage.h"

#define S PLAYED_SECOND

static void begin(void)
{
	suspicious_begin(21);
}

static void ftp(unsigned sender, const char *text)
{
	const struct cursor line = { (const uint8_t *)text, strlen(text) };
	struct ftp_line parsed;

	if (!ftp_line_parse(&parsed, &line, sender == CLIENT))
		abort();
	item(sender, ITEM_FTP, &parsed);
}

static void refuse_ftp(unsigned times)
{
	for (unsigned i = 0; i < times; i++) {
		ftp(CLIENT, "PASS x");
		ftp(SERVER, "530 no");
	}
}

static void test_ftp(void)
{
	begin();
	refuse_ftp(5);
	ok(says(1, "{\"timestamp\":\"1970-01-01T00:16:42.000000000Z\","
		   "\"last_timestamp\":\"1970-01-01T00:16:50.000000000Z\",\"first_frame\":2,"
		   "\"last_frame\":10,\"severity\":\"HIGH\",\"finding\":\"LOGIN_FAILURES\","
		   "\"src_ip\":\"10.0.0.1\",\"dest_ip\":\"10.0.0.2\",\"port\":21,\"count\":5,"
		   "\"trigger\":\"FTP logins that the server refused (530)\",\"why\":"),
	   "five refused logins: who, how often, from when to when");
	begin();
	refuse_ftp(4);
	ok(says(0, "LOGIN"), "four are somebody who forgot");
	begin();
	refuse_ftp(3);
	place.time_ns += 601 * S;
	refuse_ftp(3);
	ok(says(0, "LOGIN"), "behind ten minutes of silence the count begins anew");
	begin();
	for (unsigned i = 0; i < 9; i++) {
		ftp(CLIENT, "LIST");
		ftp(SERVER, "530 log in first");
		ftp(CLIENT, "PASS x");
		ftp(SERVER, "230-welcome");
		ftp(SERVER, "230 welcome");
	}
	ok(says(0, "LOGIN"), "a 530 that answers no login counts for nothing");
}

static void refuse_smb(uint32_t status, bool response)
{
	struct smb2_view view = { .command = SMB2_SESSION_SETUP,
				  .response = response,
				  .status = status };

	place.key.high_port = 445;
	item(response ? SERVER : CLIENT, ITEM_SMB2, &view);
}

static void test_smb_logins(void)
{
	begin();
	for (unsigned i = 0; i < 5; i++)
		refuse_smb(0xc000006d, true);
	ok(says(1, "\"finding\":\"LOGIN_FAILURES\",\"src_ip\":\"10.0.0.1\",\"dest_ip\":"
		   "\"10.0.0.2\",\"port\":445,\"count\":5,\"trigger\":\"SMB logins"),
	   "SMB says when it refuses");
	begin();
	for (unsigned i = 0; i < 9; i++)
		refuse_smb(0xc0000016, true);
	ok(says(0, "LOGIN"), "more processing is required in every login: no refusal");
}

/* A connection that says these many bytes each way; the server closes it. */
static void connection(unsigned number, const char *first, uint32_t sent, uint32_t got,
		       uint64_t lasts_ns)
{
	uint32_t head = strlen(first);

	played_ends(&played, "10.0.0.1", 20000 + number, "10.0.0.2", 2222);
	played_frame(&played, SKUA_SYN, 0, S);
	memcpy(played.bytes, first, head);
	played.frame.payload = played.bytes;
	played.frame.payload_captured = head;
	played_frame(&played, SKUA_ACK, sent, 0);
	played_ends(&played, "10.0.0.2", 2222, "10.0.0.1", 20000 + number);
	played_frame(&played, SKUA_ACK, got, lasts_ns);
	played_frame(&played, SKUA_ACK | SKUA_FIN, 0, 0);
}

static void connections(unsigned count, const char *first, uint32_t sent, uint32_t step,
			uint64_t lasts_ns)
{
	begin();
	for (unsigned i = 0; i < count; i++)
		connection(i, first, sent + i * step, 2500, lasts_ns);
}

static void test_shapes(void)
{
	static const char rdp[] = "\x03\x01\x01\x13\x0e\xe0\x01\x01";
	char request[sizeof(rdp)];

	connections(10, "SSH-2.0-x", 2000, 10, S);
	ok(says(1, "\"severity\":\"MEDIUM\",\"finding\":\"SSH_LOGINS\",\"src_ip\":\"10.0.0.1\","
		   "\"dest_ip\":\"10.0.0.2\",\"port\":2222,\"count\":10,"),
	   "ten small connections of SSH are alike, on any port");
	connections(9, "SSH-2.0-x", 2000, 10, S);
	ok(says(0, "LOGINS"), "nine are not enough");
	connections(15, "SSH-2.0-x", 2000, 900, S);
	ok(says(0, "LOGINS"), "those of different sizes are work, not guesses");
	connections(15, "SSH-2.0-x", 9000, 0, S);
	ok(says(0, "LOGINS"), "nor are larger ones");
	connections(15, "SSH-2.0-x", 2000, 0, 121 * S);
	ok(says(0, "LOGINS"), "nor those that last");
	connections(15, "GET / HTTP", 2000, 0, S);
	ok(says(0, "LOGINS"), "nor what is another protocol");
	memcpy(request, rdp, sizeof(rdp));
	begin();
	request[1] = 0;
	for (unsigned i = 0; i < 10; i++) {
		played_ends(&played, "10.0.0.1", 20000 + i, "10.0.0.2", 3389);
		played_frame(&played, SKUA_SYN, 0, S);
		memcpy(played.bytes, request, 8);
		played.frame.payload = played.bytes;
		played.frame.payload_captured = 8;
		played_frame(&played, SKUA_ACK, 1800, 0);
		played_ends(&played, "10.0.0.2", 3389, "10.0.0.1", 20000 + i);
		played_frame(&played, SKUA_ACK, 2500, 0);
		played_frame(&played, SKUA_ACK | SKUA_RST, 0, 0);
	}
	ok(says(1, "\"finding\":\"RDP_LOGINS\""), "RDP is told by its connection request");
}

static void ask(const char *name)
{
	uint8_t message[300] = { 0, 1, 1, 0, 0, 1 };
	size_t at = 12;
	struct dns_view view;

	for (const char *label = name; *label;
	     label += strcspn(label, "."), label += *label == '.') {
		size_t length = strcspn(label, ".");

		message[at++] = length;
		memcpy(message + at, label, length);
		at += length;
	}
	message[at + 2] = message[at + 4] = 1;
	if (!dns_view_open(&view, message, at + 5))
		abort();
	item(CLIENT, ITEM_DNS, &view);
}

static void test_domains(void)
{
	begin();
	ask("a.b.Evil.xyz");
	ask("c.evil.XYZ");
	ask("www.example.org");
	ask("xyz.example");
	ok(says(1, "\"severity\":\"LOW\",\"finding\":\"SUSPICIOUS_TLD\",\"src_ip\":\"10.0.0.1\","
		   "\"dest_ip\":\"10.0.0.2\",\"port\":21,\"count\":2,"
		   "\"trigger\":\"queries for names below this domain\",\"what\":\"evil.xyz\""),
	   "names below one suspicious domain are one row, others none");
}

/* What is said at the end on standard error has this text. */
static bool warns(const char *wanted)
{
	int old = dup(STDERR_FILENO), caught = memfd_create("stderr", 0);
	char text[512] = "";
	bool good;

	dup2(caught, STDERR_FILENO);
	free(played_end(&played));
	dup2(old, STDERR_FILENO);
	close(old);
	good = pread(caught, text, sizeof(text) - 1, 0) >= 0 && strstr(text, wanted);
	close(caught);
	if (!good)
		printf("# no %s: %s\n", wanted, text);
	return good;
}

static void test_full(void)
{
	begin();
	for (unsigned i = 0; i < 65537; i++) {
		played_ends(&played, "10.0.0.1", i, i < 65536 ? "10.0.0.2" : "10.0.0.3", 80);
		played_frame(&played, SKUA_SYN, 0, S);
	}
	ok(warns("1 connections gave way to others: some findings may be missing"),
	   "connections that can no longer be watched are counted");
	begin();
	for (; place.conversation <= 16386; place.conversation++)
		ftp(CLIENT, "PASS x");
	ok(warns("2 FTP connections gave way to others"), "so are logins whose answer is not seen");
	begin();
	for (unsigned i = 0; i < 16385; i++) {
		place.key.low[0] = i;
		refuse_smb(0xc000006d, true);
	}
	ok(warns("1 runs of logins gave way to others"), "so are short runs that may go on");
}

int main(void)
{
	if (lists_open(&lists, NULL))
		abort();
	test_ftp();
	test_smb_logins();
	test_shapes();
	test_domains();
	test_full();
	lists_close(lists);
	return done();
}
