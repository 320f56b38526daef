// SPDX-License-Identifier: BSD-2-Clause
/* Where files and sockets of skua lie; see doctor.h. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include "client/agent_error.h"
#include "base/text.h"
#include "doctor/doctor.h"
#include "serve/client.h"

#define AREA "places"
#define ROOM_WANTED (4096ull << 20) /* the vault's quota unless told otherwise */

/* The path itself, or what of it exists already. */
static void existing_part(char *path)
{
	while (path[1] && access(path, F_OK)) {
		char *slash = strrchr(path, '/');

		if (!slash)
			strcpy(path, ".");
		else
			slash[slash == path] = 0;
	}
}

static void vault(struct doctor *doctor)
{
	char path[4096], found[4300], room[TEXT_NUMBER];
	struct statvfs disk;
	uint64_t bytes;
	bool there = !access(doctor->vault, F_OK);

	snprintf(path, sizeof(path), "%s", doctor->vault);
	existing_part(path);
	if (statvfs(path, &disk)) {
		snprintf(found, sizeof(found), "%s: %s", doctor->vault, strerror(errno));
		doctor_say(doctor, &(struct doctor_answer){ AREA, "vault", DOCTOR_WARN, found,
							    "name another by --snapshots DIR" });
		return;
	}
	bytes = (uint64_t)disk.f_bavail * disk.f_frsize;
	text_bytes(room, bytes);
	snprintf(found, sizeof(found), "%s: %s free%s%s", doctor->vault, room,
		 there ? "" : "; it will be made", disk.f_flag & ST_RDONLY ? "; read-only" : "");
	doctor_say(
		doctor,
		&(struct doctor_answer){
			AREA, "vault",
			disk.f_flag & ST_RDONLY || bytes < ROOM_WANTED ? DOCTOR_WARN : DOCTOR_GOOD,
			found,
			disk.f_flag & ST_RDONLY ? "mount it writable, or --snapshots elsewhere"
			: bytes < ROOM_WANTED   ? "less than the quota of 4,096 MB: free room, or "
						  "--snapshots-quota"
						: NULL });
}

static void agent(struct doctor *doctor)
{
	struct client client = { doctor->socket, AGENT_TIMEOUT_MS, 0 };
	struct status_view view;
	int err = client_status(&client, &view);
	char found[256];

	if (err)
		snprintf(found, sizeof(found), "no agent answers at %s: %s", doctor->socket,
			 strerror(-err));
	else
		snprintf(found, sizeof(found), "an agent answers at %s", doctor->socket);
	doctor_say(doctor, &(struct doctor_answer){ AREA, "agent", err ? DOCTOR_NOTE : DOCTOR_GOOD,
						    found, NULL });
}

void doctor_places(struct doctor *doctor)
{
	vault(doctor);
	agent(doctor);
}
