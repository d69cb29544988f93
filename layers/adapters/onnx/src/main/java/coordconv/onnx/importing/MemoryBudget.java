package coordconv.onnx.importing;

/** How much memory one import may take, so that a small file cannot ask for all of it. */
final class MemoryBudget {
    private final long bytes;
    private long left;

    /** A budget. */
    MemoryBudget(long bytes) {
        this.bytes = bytes;
        left = bytes;
    }

    /** A third of the largest heap that this JVM may use. */
    static MemoryBudget ofHeap() {
        return new MemoryBudget(Runtime.getRuntime().maxMemory() / 3);
    }

    /** Takes a share of the budget, before it is allocated. */
    void take(String what, long more) {
        left -= more;
        if (more < 0 || left < 0) {
            throw new Refusal(what, "a model that takes more than " + (bytes >> 10) + " KiB of memory",
                    "a smaller one, or a larger heap (-Xmx)");
        }
    }
}
