/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libxml/xpath.h>

#include "study/study.h"
#include "virt/guest.h"

/* For obstacle-at.c and its parts: whether that host can take that guest. */
typedef struct {
  const MigGuest *guest;
  const MigMigrationFlags *flags; /* how it is to be migrated */
  MigHost *to;
  xmlXPathContextPtr context; /* of the guest's XML */
  GPtrArray *obstacles;       /* that are found */
} MigObstacleQuestion;

/* obstacle-at.c: of the guest's XML: mig_question_texts: of all nodes of a path; NULL-ended, never
 * NULL. mig_question_text: of the first; "" where it has none. The caller frees them. */
char **mig_question_texts (const MigObstacleQuestion *self, const char *path);
char *mig_question_text (const MigObstacleQuestion *self, const char *path);

/* obstacle-emulator.c: machine type, CPU, TPM. */
void mig_obstacles_of_emulator (const MigObstacleQuestion *self);

/* obstacle-storage.c: disks and drives. */
void mig_obstacles_of_storage (const MigObstacleQuestion *self);
