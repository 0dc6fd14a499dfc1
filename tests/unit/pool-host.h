/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libvirt/libvirt.h>

#include "virt/host.h"

/* The host that libvirt makes up for tests, which has a storage pool, and a state directory that
 * lasts as long as the program. */

#define POOL_HOST_URI "test:///default"
#define POOL "default-pool"
#define DIRECTORY "/default-pool" /* that it has */
#define DATA "what guests boot"

/* pool_host_start, pool_host_end: around g_test_run(); of what fails libvirt prints nothing. */
void pool_host_start (void);
void pool_host_end (void);

/* pool_host_connection: the test's own. */
virConnectPtr pool_host_connection (void);

/* pool_host_open: as migcost sees it. */
MigHost *pool_host_open (void);

/* pool_host_put: a volume of that name, as large as DATA, into the pool. */
void pool_host_put (const char *name);
