package coordconv.onnx.importing;

/** How much memory one import may take, so that a small file cannot ask for all of it. */
final class MemoryBudget {
    /** Arithmetic on constants that a byte of memory may cost: a ramp over an image costs one or two. */
    private static final int OPERATIONS_A_BYTE = 1;

    private final long bytes;
    private long left;
    private long operations;

    /** A budget. */
    MemoryBudget(long bytes) {
        this.bytes = bytes;
        left = bytes;
        operations = bytes * OPERATIONS_A_BYTE;
    }

    /** Half of the largest heap that this JVM may use. */
    static MemoryBudget ofHeap() {
        return new MemoryBudget(Runtime.getRuntime().maxMemory() / 2);
    }

    /** Gives back what is not held any more. */
    void giveBack(long bytes) {
        left += bytes;
    }

    /** Takes a share of the budget, before it is allocated. */
    void take(String what, long more) {
        left -= more;
        if (more < 0 || left < 0) {
            throw new Refusal(what, "a model that takes more than " + (bytes >> 10) + " KiB of memory",
                    "a smaller one, or a larger heap (-Xmx)");
        }
    }

    /** Takes a share of the time that constants may be computed for. */
    void spend(String what, long multiplications) {
        operations -= multiplications;
        if (multiplications < 0 || operations < 0) {
            throw new Refusal(what, "arithmetic on constants without end", "less of it");
        }
    }
}
