/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "virt/obstacle.h"

/* Hosts of libvirt's driver for tests, for what keeps a guest from being migrated. */

/* obstacle_host: with one domain, "g", and what else; its file is in the directory top. */
MigHost *obstacle_host (const char *top, const char *name, const char *uuid, const char *devices,
                        const char *rest);

/* obstacle_is_among: whether that reason, or one with that in it, is, certain or not. */
gboolean obstacle_is_among (const GPtrArray *obstacles, const char *reason, gboolean certain);
