/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <libxml/xpath.h>
#include <string.h>

#include "base/error.h"
#include "base/files.h"
#include "base/units.h"
#include "base/xml.h"
#include "virt/domain-tree.h"
#include "virt/template.h"

#define MAX_TEMPLATE_BYTES (1024 * 1024)

static xmlDocPtr
read_template (const char *file, GError **error)
{
  gsize size = 0;
  g_autofree char *xml = mig_files_load (file, "the domain template", MAX_TEMPLATE_BYTES + 1, &size,
                                         error);

  if (!xml)
    return NULL;
  if (size > MAX_TEMPLATE_BYTES)
    {
      mig_xml_error (error, file, 1, "larger than 1 MiB; expected a domain template");
      return NULL;
    }
  return mig_domain_parse (xml, size, file, error);
}

/* ---- filling ---- */

static void
fill_memory (xmlNodePtr domain, guint64 bytes)
{
  static const char *const elements[] = { "memory", "currentMemory" };
  g_autofree char *kib = g_strdup_printf ("%" G_GUINT64_FORMAT, bytes / MIG_KIB);

  for (guint i = 0; i < G_N_ELEMENTS (elements); i++)
    {
      xmlNodePtr node = mig_domain_child_or_new (domain, elements[i]);
      mig_domain_set_text (node, kib);
      xmlSetProp (node, BAD_CAST "unit", BAD_CAST "KiB");
    }
}

/* fill_vcpus: all of them online; what the template says of single ones is not kept. */
static void
fill_vcpus (xmlNodePtr domain, guint64 vcpus)
{
  xmlNodePtr node = mig_domain_child_or_new (domain, "vcpu");
  g_autofree char *number = g_strdup_printf ("%" G_GUINT64_FORMAT, vcpus);

  mig_domain_set_text (node, number);
  xmlUnsetProp (node, BAD_CAST "current");
  mig_domain_remove_child (domain, "vcpus");
}

static void
remove_disks (xmlNodePtr domain)
{
  xmlNodePtr devices = mig_domain_child (domain, "devices");

  while (mig_domain_child (devices, "disk"))
    mig_domain_remove_child (devices, "disk");
}

static void
fill_boot (xmlNodePtr domain, const MigTemplateValues *values)
{
  xmlNodePtr os = mig_domain_child_or_new (domain, "os");

  if (values->kernel)
    mig_domain_set_text (mig_domain_child_or_new (os, "kernel"), values->kernel);
  if (values->initrd)
    mig_domain_set_text (mig_domain_child_or_new (os, "initrd"), values->initrd);
  if (values->arguments)
    {
      xmlNodePtr node = mig_domain_child_or_new (os, "cmdline");
      xmlChar *now = xmlNodeGetContent (node);
      char *end = now ? strstr ((char *) now, " -- ") : NULL;
      if (end)
        *end = '\0';
      g_autofree char *line = g_strdup_printf ("%s -- %s", now ? (const char *) now : "",
                                               values->arguments);
      xmlFree (now);
      mig_domain_set_text (node, line);
    }
}

static void
set_property (xmlNodePtr parent, const char *child, const char *name, const char *value)
{
  xmlSetProp (mig_domain_child_or_new (parent, child), BAD_CAST name, BAD_CAST value);
}

static gboolean
is_xen (xmlNodePtr domain)
{
  g_autofree char *type = mig_node_attribute (domain, "type");

  return g_strcmp0 (type, "xen") == 0;
}

/* add_card: for a tap that is there libvirt makes nothing, and removes nothing when the guest has
 * gone. Xen's guests have its own card where no other is named. */
static void
add_card (xmlNodePtr domain, const MigTemplateValues *values)
{
  xmlNodePtr card = xmlNewChild (mig_domain_child_or_new (domain, "devices"), NULL,
                                 BAD_CAST "interface", NULL);

  xmlSetProp (card, BAD_CAST "type",
              BAD_CAST (values->tap      ? "ethernet"
                        : values->bridge ? "bridge"
                                         : "network"));
  set_property (card, "mac", "address", values->mac);
  if (values->tap)
    {
      set_property (card, "target", "dev", values->tap);
      set_property (card, "target", "managed", "no");
    }
  else if (values->bridge)
    set_property (card, "source", "bridge", values->bridge);
  else
    set_property (card, "source", "network", values->network);
  if (is_xen (domain))
    return;
  set_property (card, "model", "type", "virtio");
  /* it is not booted from */
  set_property (card, "rom", "enabled", "no");
}

static void
fill_memory_place (xmlNodePtr domain, const MigTemplateValues *values)
{
  if (values->hugepages)
    mig_domain_child_or_new (mig_domain_child_or_new (domain, "memoryBacking"), "hugepages");
  if (!values->numa_node)
    return;
  mig_domain_remove_child (domain, "numatune");
  xmlNodePtr memory = xmlNewChild (mig_domain_child_or_new (domain, "numatune"), NULL,
                                   BAD_CAST "memory", NULL);
  xmlSetProp (memory, BAD_CAST "mode", BAD_CAST "strict");
  xmlSetProp (memory, BAD_CAST "nodeset", BAD_CAST values->numa_node);
}

/* fill_dirty_ring: with as many entries as QEMU's documentation has. */
static void
fill_dirty_ring (xmlNodePtr domain)
{
  xmlNodePtr kvm = mig_domain_child_or_new (mig_domain_child_or_new (domain, "features"), "kvm");

  set_property (kvm, "dirty-ring", "state", "on");
  set_property (kvm, "dirty-ring", "size", "4096");
}

/* fill_cpu: libvirt's own text. */
static gboolean
fill_cpu (xmlNodePtr domain, const char *cpu, GError **error)
{
  g_autoptr (xmlDoc) doc = mig_xml_parse (cpu, strlen (cpu), "CPU", "cpu", error);

  if (!doc)
    return FALSE;
  mig_domain_remove_child (domain, "cpu");
  xmlAddChild (domain, xmlDocCopyNode (xmlDocGetRootElement (doc), domain->doc, 1));
  return TRUE;
}

/* add_disk: the guest program knows it as /dev/vda, so there may be no other. */
static gboolean
add_disk (xmlNodePtr domain, const MigTemplateValues *values, GError **error)
{
  xmlNodePtr devices = mig_domain_child_or_new (domain, "devices"),
             other = mig_domain_child (devices, "disk");
  xmlNodePtr disk, node;

  if (other)
    return mig_node_error (error, other,
                           "the template has a disk; expected none where the guest is given one");
  disk = xmlNewChild (devices, NULL, BAD_CAST "disk", NULL);
  xmlSetProp (disk, BAD_CAST "type", BAD_CAST "file");
  xmlSetProp (disk, BAD_CAST "device", BAD_CAST "disk");
  node = xmlNewChild (disk, NULL, BAD_CAST "driver", NULL);
  xmlSetProp (node, BAD_CAST "name", BAD_CAST "qemu");
  xmlSetProp (node, BAD_CAST "type", BAD_CAST "raw");
  if (values->disk_cache)
    xmlSetProp (node, BAD_CAST "cache", BAD_CAST values->disk_cache);
  xmlSetProp (xmlNewChild (disk, NULL, BAD_CAST "source", NULL), BAD_CAST "file",
              BAD_CAST values->disk);
  node = xmlNewChild (disk, NULL, BAD_CAST "target", NULL);
  xmlSetProp (node, BAD_CAST "dev", BAD_CAST "vda");
  xmlSetProp (node, BAD_CAST "bus", BAD_CAST "virtio");
  return TRUE;
}

static void
add_mark (xmlNodePtr domain, const char *owner)
{
  xmlNodePtr metadata = mig_domain_child_or_new (domain, "metadata");
  xmlNodePtr mark = xmlNewChild (metadata, NULL, BAD_CAST "guest", NULL);
  xmlNsPtr ns = xmlNewNs (mark, BAD_CAST MIG_DOMAIN_MARK_NAMESPACE, BAD_CAST "migcost");

  xmlSetNs (mark, ns);
  xmlSetProp (mark, BAD_CAST "owner", BAD_CAST (owner ? owner : ""));
}

char *
mig_template_fill (const char *file, const MigTemplateValues *values, GError **error)
{
  g_autoptr (xmlDoc) doc = read_template (file, error);
  if (!doc)
    return NULL;
  xmlNodePtr domain = xmlDocGetRootElement (doc);

  mig_domain_set_text (mig_domain_child_or_new (domain, "name"), values->name);
  mig_domain_remove_child (domain, "uuid");
  if (values->uuid)
    mig_domain_set_text (mig_domain_child_or_new (domain, "uuid"), values->uuid);
  if (values->memory_bytes)
    fill_memory (domain, values->memory_bytes);
  if (values->vcpus)
    fill_vcpus (domain, values->vcpus);
  fill_memory_place (domain, values);
  if (values->dirty_ring)
    fill_dirty_ring (domain);
  if (values->cpu && !fill_cpu (domain, values->cpu, error))
    return NULL;
  if (values->diskless)
    remove_disks (domain);
  fill_boot (domain, values);
  if (values->machine)
    set_property (mig_domain_child_or_new (domain, "os"), "type", "machine", values->machine);
  if (values->emulator)
    mig_domain_set_text (
        mig_domain_child_or_new (mig_domain_child_or_new (domain, "devices"), "emulator"),
        values->emulator);
  if (values->mac)
    add_card (domain, values);
  if (values->disk && !add_disk (domain, values, error))
    return NULL;
  add_mark (domain, values->owner);
  return mig_domain_serialize (doc);
}

char *
mig_template_domain_type (const char *file, GError **error)
{
  g_autoptr (xmlDoc) doc = read_template (file, error);
  if (!doc)
    return NULL;
  xmlChar *type = xmlGetProp (xmlDocGetRootElement (doc), BAD_CAST "type");
  if (!type)
    {
      g_set_error (error, MIG_ERROR, MIG_ERROR_INVALID,
                   "%s:%ld: <domain> has no type; expected type='kvm' or another", file,
                   xmlGetLineNo (xmlDocGetRootElement (doc)));
      return NULL;
    }
  char *copy = g_strdup ((const char *) type);
  xmlFree (type);
  return copy;
}

char *
mig_template_os_type (const char *file, GError **error)
{
  g_autoptr (xmlDoc) doc = read_template (file, error);
  xmlNodePtr os = doc ? mig_domain_child (xmlDocGetRootElement (doc), "os") : NULL;
  xmlNodePtr type = os ? mig_domain_child (os, "type") : NULL;
  if (!type)
    return NULL;
  xmlChar *text = xmlNodeGetContent (type);
  char *copy = g_strstrip (g_strdup ((const char *) text));
  xmlFree (text);
  return copy;
}

char *
mig_template_os_attribute (const char *file, const char *name)
{
  g_autoptr (xmlDoc) doc = read_template (file, NULL);
  xmlNodePtr os = doc ? mig_domain_child (xmlDocGetRootElement (doc), "os") : NULL;
  xmlNodePtr type = mig_domain_child (os, "type");

  return type ? mig_node_attribute (type, name) : NULL;
}

void
mig_template_cpu (const char *file, char **mode, char **model)
{
  g_autoptr (xmlDoc) doc = read_template (file, NULL);
  xmlNodePtr cpu = doc ? mig_domain_child (xmlDocGetRootElement (doc), "cpu") : NULL;
  xmlNodePtr named = cpu ? mig_domain_child (cpu, "model") : NULL;

  *mode = cpu ? mig_node_attribute (cpu, "mode") : NULL;
  *model = named ? g_strstrip (mig_node_text (named)) : NULL;
}

char *
mig_template_boot_file (const char *file, const char *name)
{
  g_autoptr (xmlDoc) doc = read_template (file, NULL);
  xmlNodePtr node = doc ? mig_domain_child (mig_domain_child (xmlDocGetRootElement (doc), "os"),
                                            name)
                        : NULL;
  return node ? g_strstrip (mig_node_text (node)) : NULL;
}
