// SPDX-License-Identifier: BSD-2-Clause
/* How far an upload has come is kept whole, or not at all. */
#include <errno.h>
#include "tap.h"
#include "upload_stage.h"
#include "record/upload_deliver.h"
#include "record/upload_state.h"

static void state(int dir)
{
	struct upload_state kept = {
		.seq = 12, .since = 3, .hash = STAGE_ZERO, .to = "https://h/p/"
	};
	struct upload_state read = { .seq = 99 };

	ok(upload_state_load(&read, dir, "UPLOADED") == -ENOENT, "at first there is no state");
	ok(!upload_state_save(&kept, dir, "UPLOADED") &&
		   !upload_state_load(&read, dir, "UPLOADED") && read.seq == 12 &&
		   read.since == 3 && !strcmp(read.hash, kept.hash) && !strcmp(read.to, kept.to),
	   "what is saved is read again");
	ok(faccessat(dir, "UPLOADED.new", F_OK, 0) && errno == ENOENT, "and nothing else is left");
	kept.seq = 13;
	ok(!upload_state_save(&kept, dir, "UPLOADED") &&
		   !upload_state_load(&read, dir, "UPLOADED") && read.seq == 13,
	   "the next replaces it");
	stage_write(dir, "UPLOADED", O_TRUNC, "{\"seq\":14,\"since\":1,\"hash\":\"00");
	ok(upload_state_load(&read, dir, "UPLOADED") == -EBADMSG && read.seq == 13,
	   "a state that was cut is none");
	unlinkat(dir, "UPLOADED", 0);
	symlinkat("/etc/passwd", dir, "UPLOADED");
	ok(upload_state_load(&read, dir, "UPLOADED") == -ELOOP, "a link is not followed");
	ok(upload_state_save(&kept, dir, "no/such") < 0, "what cannot be written is told");
}

static void pauses(void)
{
	bool first = true, growing = true, bounded = true;
	uint64_t seen[2] = { UINT64_MAX, 0 };

	for (int i = 0; i < 200; i++) {
		uint64_t pause = upload_pause_ms(0, 0), far = upload_pause_ms(1000, 0);

		first = first && pause >= 500 && pause <= 1000;
		growing = growing && upload_pause_ms(3, 0) >= 4000 && upload_pause_ms(3, 0) <= 8000;
		bounded = bounded && far >= 150000 && far <= 300000;
		seen[0] = pause < seen[0] ? pause : seen[0];
		seen[1] = pause > seen[1] ? pause : seen[1];
	}
	ok(first, "the first pause is a second at most");
	ok(growing, "each is twice as long as the one before");
	ok(bounded, "none is longer than five minutes");
	ok(seen[1] - seen[0] > 100, "chance has its part in it");
	ok(upload_pause_ms(0, 20) == 20000 && upload_pause_ms(0, 86400) == 300000,
	   "a server's wish is heeded, within reason");
}

static void targets(void)
{
	struct upload_target target;
	char error[UPLOAD_ERROR_SIZE];

	ok(!upload_target_parse(&target, "s3+https://h:9000/bucket/node", error) && target.s3 &&
		   !strcmp(target.base, "https://h:9000/bucket/node/") && !target.clear,
	   "S3 is HTTP below a bucket");
	ok(!upload_target_parse(&target, "http://sink.example", error) && target.clear &&
		   !strcmp(target.base, "http://sink.example/"),
	   "HTTP to another machine is in clear");
	ok(!upload_target_parse(&target, "http://127.0.0.1:80/x/", error) && !target.clear &&
		   !upload_target_parse(&target, "http://[::1]:80/", error) && !target.clear,
	   "to this machine it is not");
	ok(upload_target_parse(&target, "https://u:p@h/", error) == -EINVAL &&
		   upload_target_parse(&target, "https://h/?a=b", error) == -EINVAL &&
		   upload_target_parse(&target, "https://h/%2e%2e/", error) == -EINVAL &&
		   upload_target_parse(&target, "file:///etc/", error) == -EINVAL,
	   "secrets, queries, escapes and files are no places");
}

int main(void)
{
	char path[64];
	int dir = stage_directory(path);

	state(dir);
	pauses();
	targets();
	close(dir);
	stage_remove(path);
	return done();
}
