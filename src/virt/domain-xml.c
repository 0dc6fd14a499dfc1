/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/error.h"
#include "virt/domain-tree.h"
#include "virt/domain-xml.h"
#include "virt/xml-values.h"

/* what a guest may write to */
#define WRITTEN                                                                                    \
  "/domain/devices/disk[not(@device) or @device='disk' or @device='lun'][not(readonly)]"           \
  " | /domain/devices/filesystem[not(readonly)]"

/* what libvirt's migrations copy, and where it has a backing file */
#define COPIED "/domain/devices/disk[not(readonly)][not(shareable)][source]"
#define LAYERED "[backingStore/source]"

char *
mig_domain_xml_type (const char *xml)
{
  g_autoptr (xmlDoc) doc = mig_domain_parse (xml, strlen (xml), "domain XML", NULL);
  xmlChar *type = doc ? xmlGetProp (xmlDocGetRootElement (doc), BAD_CAST "type") : NULL;
  char *copy = g_strdup ((const char *) type);

  xmlFree (type);
  return copy;
}

static int
vcpu_count (xmlNodePtr domain)
{
  xmlNodePtr node = mig_domain_child (domain, "vcpu");
  xmlChar *text = node ? xmlNodeGetContent (node) : NULL;
  int n = text ? (int) g_ascii_strtoll ((const char *) text, NULL, 10) : 1;
  xmlFree (text);
  return CLAMP (n, 1, 4096);
}

char *
mig_domain_xml_pin (const char *xml, int cpu, int emulator_cpu, GError **error)
{
  g_autoptr (xmlDoc) doc = mig_domain_parse (xml, strlen (xml), "domain XML", NULL);
  xmlNodePtr domain = doc ? xmlDocGetRootElement (doc) : NULL;
  char set[16], number[16];

  if (!domain)
    {
      g_set_error (error, MIG_ERROR, MIG_ERROR_INVALID,
                   "the hypervisor returned malformed domain XML");
      return NULL;
    }
  xmlNodePtr tune = mig_domain_child_or_new (domain, "cputune");
  while (mig_domain_child (tune, "vcpupin"))
    mig_domain_remove_child (tune, "vcpupin");
  mig_domain_remove_child (tune, "emulatorpin");
  g_snprintf (set, sizeof set, "%d", cpu);
  for (int v = 0; cpu >= 0 && v < vcpu_count (domain); v++)
    {
      xmlNodePtr pin = xmlNewChild (tune, NULL, BAD_CAST "vcpupin", NULL);
      g_snprintf (number, sizeof number, "%d", v);
      xmlSetProp (pin, BAD_CAST "vcpu", BAD_CAST number);
      xmlSetProp (pin, BAD_CAST "cpuset", BAD_CAST set);
    }
  g_snprintf (set, sizeof set, "%d", emulator_cpu);
  if (emulator_cpu >= 0)
    xmlSetProp (xmlNewChild (tune, NULL, BAD_CAST "emulatorpin", NULL), BAD_CAST "cpuset",
                BAD_CAST set);
  return mig_domain_serialize (doc);
}

char *
mig_domain_xml_boot (const char *xml, const char *kernel, const char *initrd, GError **error)
{
  g_autoptr (xmlDoc) doc = mig_domain_parse (xml, strlen (xml), "domain XML", NULL);
  xmlNodePtr os = doc ? mig_domain_child (xmlDocGetRootElement (doc), "os") : NULL;

  if (!os)
    {
      g_set_error (error, MIG_ERROR, MIG_ERROR_INVALID,
                   "the hypervisor returned domain XML without <os>");
      return NULL;
    }
  mig_domain_set_text (mig_domain_child_or_new (os, "kernel"), kernel);
  mig_domain_set_text (mig_domain_child_or_new (os, "initrd"), initrd);
  return mig_domain_serialize (doc);
}

char *
mig_domain_xml_disk (const char *xml, const char *path, GError **error)
{
  g_autoptr (xmlDoc) doc = mig_domain_parse (xml, strlen (xml), "domain XML", NULL);
  xmlNodePtr devices = doc ? mig_domain_child (xmlDocGetRootElement (doc), "devices") : NULL;
  xmlNodePtr source = mig_domain_child (mig_domain_child (devices, "disk"), "source");

  if (!source)
    {
      g_set_error (error, MIG_ERROR, MIG_ERROR_INVALID,
                   "the hypervisor returned domain XML without the guest's disk");
      return NULL;
    }
  xmlSetProp (source, BAD_CAST "file", BAD_CAST path);
  return mig_domain_serialize (doc);
}

gboolean
mig_domain_xml_has_dirty_ring (const char *xml)
{
  g_autoptr (xmlDoc) doc = mig_domain_parse (xml, strlen (xml), "domain XML", NULL);
  xmlNodePtr features = doc ? mig_domain_child (xmlDocGetRootElement (doc), "features") : NULL;
  xmlNodePtr ring = mig_domain_child (mig_domain_child (features, "kvm"), "dirty-ring");
  xmlChar *state = ring ? xmlGetProp (ring, BAD_CAST "state") : NULL;
  gboolean on = g_strcmp0 ((const char *) state, "on") == 0;

  xmlFree (state);
  return on;
}

gboolean
mig_domain_xml_keeps_state (const char *xml)
{
  g_auto (GStrv) written = mig_xml_values (xml, "domain", WRITTEN);
  return written[0] != NULL;
}

char **
mig_domain_xml_copied_disks (const char *xml, gboolean layered)
{
  return mig_xml_values (xml, "domain",
                         layered ? COPIED LAYERED "/target/@dev" : COPIED "/target/@dev");
}

gboolean
mig_domain_xml_is_marked (const char *xml)
{
  g_autoptr (xmlDoc) doc = mig_domain_parse (xml, strlen (xml), "domain XML", NULL);
  xmlNodePtr metadata = doc ? mig_domain_child (xmlDocGetRootElement (doc), "metadata") : NULL;

  /* others may have a <guest> of their own there */
  for (xmlNodePtr node = metadata ? metadata->children : NULL; node; node = node->next)
    if (node->type == XML_ELEMENT_NODE && strcmp ((const char *) node->name, "guest") == 0 &&
        node->ns && g_strcmp0 ((const char *) node->ns->href, MIG_DOMAIN_MARK_NAMESPACE) == 0)
      return TRUE;
  return FALSE;
}
