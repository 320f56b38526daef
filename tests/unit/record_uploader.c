// SPDX-License-Identifier: BSD-2-Clause
/* The uploader of an agent: a process that holds nobody up, and ends with whoever started it. */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include "tap.h"
#include "upload_stage.h"
#include "record/uploader.h"

#define PATIENCE_S 60 /* longer than any machine that still does something */
#define AT_ONCE_S 15  /* on a busy machine; a silent server has four times as long */

static const struct privs_account nobody_else = { .change = false };

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec / 1e9;
}

static bool comes_true(const uint64_t *counter)
{
	const struct timespec pause = { .tv_nsec = 10000000 };

	for (int i = 0; i < PATIENCE_S * 100 && !*(const volatile uint64_t *)counter; i++)
		nanosleep(&pause, NULL);
	return *(const volatile uint64_t *)counter;
}

/* Accepts, and never answers. */
static int silent_server(char url[64])
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t length = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (bind(fd, (struct sockaddr *)&address, length) || listen(fd, 4) ||
	    getsockname(fd, (struct sockaddr *)&address, &length))
		return -1;
	snprintf(url, 64, "http://127.0.0.1:%d/", ntohs(address.sin_port));
	return fd;
}

static void one_line(int dir)
{
	char line[2048];

	stage_line(line, sizeof(line) - 1, 1, "remove", STAGE_FILE);
	stage_write(dir, "MANIFEST.jsonl", O_APPEND, strcat(line, "\n"));
}

/* Somebody has come to the server and asked for something: his connection, or -1. */
static int asked(int server)
{
	struct pollfd waited = { .fd = server, .events = POLLIN };

	if (poll(&waited, 1, PATIENCE_S * 1000) <= 0)
		return -1;
	waited.fd = accept(server, NULL, NULL);
	return poll(&waited, 1, PATIENCE_S * 1000) > 0 ? waited.fd : -1;
}

/* By itself, as it was told to, and not because it was killed; is not waited for here. */
static bool ends_by_itself(pid_t pid)
{
	const double end = now() + AT_ONCE_S;
	siginfo_t info = {};

	while (!waitid(P_PID, pid, &info, WEXITED | WNOHANG | WNOWAIT) && !info.si_pid &&
	       now() < end)
		usleep(1000);
	return info.si_pid == pid && info.si_code == CLD_EXITED;
}

static void start_and_stop(const struct upload_options *options, int server)
{
	char error[UPLOAD_ERROR_SIZE] = "";
	struct uploader uploader;
	double begun = now();
	int worker[2], client;
	char byte;

	if (pipe(worker))
		return;
	ok(!uploader_start(&uploader, options, &nobody_else, error) && uploader.pid > 0 &&
		   now() - begun < AT_ONCE_S,
	   "whoever starts it does not wait for any server");
	close(worker[1]);
	/* Hangs if it does not hold. */
	ok(read(worker[0], &byte, 1) == 0, "it keeps nothing open that is the worker's");
	close(worker[0]);
	client = asked(server);
	ok(client >= 0, "it comes to the server, which is silent");
	begun = now();
	uploader_tell_end(&uploader);
	ok(ends_by_itself(uploader.pid), "it ends at once, whatever a server does");
	printf("# figure: end of an uploader whose server is silent: %.1f ms\n",
	       (now() - begun) * 1e3);
	uploader_stop(&uploader);
	close(client);
	ok(uploader.counts->files == 0, "what it counted can still be read");
	uploader_close(&uploader);
	uploader_close(&uploader);
	ok(!uploader.counts && !uploader.pid, "it can be closed twice");
}

/* A resolver or a disk holds it. */
static void hangs(const struct upload_options *options)
{
	char error[UPLOAD_ERROR_SIZE];
	struct uploader uploader;
	double begun;
	pid_t pid;

	uploader_start(&uploader, options, &nobody_else, error);
	pid = uploader.pid;
	kill(pid, SIGSTOP);
	uploader_tell_end(&uploader);
	begun = now();
	uploader_stop(&uploader);
	ok(now() - begun < UPLOADER_END_MS / 1e3 + PATIENCE_S && waitpid(pid, NULL, 0) < 0 &&
		   errno == ECHILD,
	   "one that hangs is killed");
	uploader_close(&uploader);
}

/* The file changed after it was checked: the hash that is made while it is sent finds out. */
static void change_on_the_way(const char *url, int server, int dir)
{
	struct upload_http_options options = { .stops = { -1, -1 } };
	struct upload_body body = { .length = 5, .sha256 = STAGE_ZERO };
	struct upload_target target;
	struct upload_keys keys = {};
	struct upload_answer answer;
	struct upload_http *http;
	char got[4096] = "", error[UPLOAD_ERROR_SIZE];
	int client, err;

	stage_write(dir, "changed", 0, "XYZZY");
	body.fd = openat(dir, "changed", O_RDONLY);
	upload_target_parse(&target, url, error);
	options.target = &target;
	options.keys = &keys;
	if (upload_http_open(&http, &options))
		return;
	err = upload_http_put(http, "x", &body, &answer);
	upload_http_close(http);
	client = accept(server, NULL, NULL);
	while (client >= 0 && read(client, got + strlen(got), sizeof(got) - 1 - strlen(got)) > 0)
		;
	ok(err == -EBADMSG && strstr(got, "Content-Length: 5") && !strstr(got, "XYZZY"),
	   "a file that changes under way is not sent to its end");
	close(client);
	close(body.fd);
}

static void refusals(struct upload_options options)
{
	char error[UPLOAD_ERROR_SIZE] = "";
	struct uploader uploader;

	options.to = "ftp://h/";
	ok(uploader_start(&uploader, &options, &nobody_else, error) == -EINVAL && error[0] &&
		   !uploader.pid,
	   "a URL that is none is refused before anything is started");
	uploader_close(&uploader);
	options.to = "http://127.0.0.1:1/";
	options.directory = "/no/such/vault";
	ok(uploader_start(&uploader, &options, &nobody_else, error) == -ENOENT,
	   "and so is a vault that is not there");
}

/* The starter is killed: its end of the lifeline goes, whatever it could no longer do. */
static void orphan(const struct upload_options *options)
{
	int ends[2];
	pid_t starter, orphan = 0;
	bool gone = false;

	if (pipe(ends))
		return;
	starter = fork();
	if (!starter) {
		char error[UPLOAD_ERROR_SIZE];
		struct uploader uploader;

		uploader_start(&uploader, options, &nobody_else, error);
		if (write(ends[1], &uploader.pid, sizeof(uploader.pid)) < 0)
			_exit(1);
		pause();
	}
	if (read(ends[0], &orphan, sizeof(orphan)) < 0)
		orphan = 0;
	kill(starter, SIGKILL);
	waitpid(starter, NULL, 0);
	for (int i = 0; i < PATIENCE_S * 100 && !gone; i++) {
		const struct timespec pause = { .tv_nsec = 10000000 };
		char path[64], state = 0;
		FILE *file;

		snprintf(path, sizeof(path), "/proc/%d/stat", (int)orphan);
		file = fopen(path, "r");
		/* Nobody may have waited for it here. */
		if (file && fscanf(file, "%*d %*s %c", &state) != 1)
			state = 0;
		gone = !file || state == 'Z' || state == 'X';
		if (file)
			fclose(file);
		nanosleep(&pause, NULL);
	}
	ok(orphan > 0 && gone, "it ends when whoever started it is killed");
	close(ends[0]);
	close(ends[1]);
}

static void retries(const struct upload_options *options)
{
	char error[UPLOAD_ERROR_SIZE];
	struct uploader uploader;

	uploader_start(&uploader, options, &nobody_else, error);
	ok(comes_true(&uploader.counts->retries), "what it counts is seen while it works");
	kill(uploader.pid, SIGTERM);
	uploader_stop(&uploader);
	uploader_close(&uploader);
}

int main(void)
{
	char path[64], url[64];
	int dir = stage_directory(path), server = silent_server(url);
	struct upload_options options = { .directory = path, .to = url, .interval_s = 1 };

	if (!upload_http_version()) {
		skip("the uploader of an agent", "built without libcurl");
		stage_remove(path);
		return done();
	}
	fflush(stdout);
	change_on_the_way(url, server, dir);
	one_line(dir);
	fflush(stdout);
	start_and_stop(&options, server);
	refusals(options);
	fflush(stdout);
	hangs(&options);
	fflush(stdout);
	orphan(&options);
	options.to = "http://127.0.0.1:1/";
	fflush(stdout);
	retries(&options);
	close(server);
	close(dir);
	stage_remove(path);
	return done();
}
