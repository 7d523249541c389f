# Cloudflare's runtime by itself. With wrangler, `main = "web-standard.ts"` and secrets stand for all of this.
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "uploads", worker = .uploads),
    # OpenAI is public; an API on this machine is not.
    (name = "internet", network = (allow = ["public", "private"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:3000", http = (), service = "uploads")],
);

const uploads :Workerd.Worker = (
  modules = [(name = "worker.js", esModule = embed "worker.js")],
  compatibilityDate = "2026-01-01",
  # With this one, bindings are in `process.env`.
  compatibilityFlags = ["nodejs_compat"],
  bindings = [
    (name = "OPENAI_BASE_URL", fromEnvironment = "OPENAI_BASE_URL"),
    (name = "OPENAI_API_KEY", fromEnvironment = "OPENAI_API_KEY"),
    (name = "UPLOADS_SECRET", fromEnvironment = "UPLOADS_SECRET"),
  ],
);
