package coordconv.jmh.engines;

import coordconv.kernels.ConvAlgorithm;

/** This project with {@link ConvAlgorithm#FAST}. */
public final class FastEngine extends CoordConvEngine {
    /** Called by reflection. */
    public FastEngine() {
        super(ConvAlgorithm.FAST);
    }
}
