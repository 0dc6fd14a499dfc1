/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hosts/run-host.h"

/* mig_default_template: the file of the template that guests of this host are made of where a study
 * names none, by what its hypervisor offers; NULL: none fits. kvm_fails: that KVM runs no guest
 * there has been tried. The caller frees it. */
char *mig_default_template (const MigRunHost *host, gboolean kvm_fails);
