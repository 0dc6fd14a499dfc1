/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <libxml/tree.h>

/* mig_xml_values: the texts of all nodes of an XPath in libvirt's XML (NULL: none), whose root
 * element is called so; NULL-ended, never NULL; the caller frees it with g_strfreev(). */
char **mig_xml_values (const char *xml, const char *root, const char *path);

/* mig_xml_values_in: the same of a document; NULL: there is none. */
char **mig_xml_values_in (xmlDocPtr doc, const char *path);
