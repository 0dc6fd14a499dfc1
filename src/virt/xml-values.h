/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* mig_xml_values: the texts of all nodes of an XPath in libvirt's XML (NULL: none), whose root
 * element is called so; NULL-ended, never NULL; the caller frees it with g_strfreev(). */
char **mig_xml_values (const char *xml, const char *root, const char *path);
