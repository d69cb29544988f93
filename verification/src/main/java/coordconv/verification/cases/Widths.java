package coordconv.verification.cases;

import coordconv.kernels.VectorWidth;
import java.util.ArrayList;
import java.util.List;
import jdk.incubator.vector.FloatVector;

/** The vector widths that this machine runs in hardware, and plain Java. */
public final class Widths {
    /** All of them. A wider species would run too, but emulated, thousands of times slower. */
    public static final List<VectorWidth> ALL = all();

    private Widths() {}

    private static List<VectorWidth> all() {
        List<VectorWidth> widths = new ArrayList<>(List.of(VectorWidth.SCALAR));
        if (ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()) {
            for (VectorWidth width : VectorWidth.values()) {
                if (width.bits() > 0 && width.bits() <= Widest.bits()) {
                    widths.add(width);
                }
            }
        }
        return List.copyOf(widths);
    }

    /** Apart, so that {@link Widths} loads without the Vector API. */
    private static final class Widest {
        static int bits() {
            return FloatVector.SPECIES_PREFERRED.vectorBitSize();
        }
    }
}
