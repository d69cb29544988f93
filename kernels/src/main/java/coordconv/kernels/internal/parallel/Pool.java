package coordconv.kernels.internal.parallel;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;

/**
 * Objects that are lent out and given back, so that a steady state allocates none. More may be out than it
 * has room for: those are left to the garbage collector.
 *
 * @param <T> what is lent
 */
public final class Pool<T> {
    private final Supplier<T> maker;
    private final AtomicReferenceArray<T> idle;

    /**
     * An empty pool.
     *
     * @param room how many idle objects are kept
     * @param maker makes one where none is idle
     */
    public Pool(int room, Supplier<T> maker) {
        this.maker = maker;
        idle = new AtomicReferenceArray<>(room);
    }

    /** {@return an object that nobody else has until it is given back} */
    public T borrow() {
        for (int i = 0; i < idle.length(); i++) {
            T one = idle.getAndSet(i, null);
            if (one != null) {
                return one;
            }
        }
        return maker.get();
    }

    /** Takes an object back. */
    public void giveBack(T one) {
        for (int i = 0; i < idle.length(); i++) {
            if (idle.compareAndSet(i, null, one)) {
                return;
            }
        }
    }
}
