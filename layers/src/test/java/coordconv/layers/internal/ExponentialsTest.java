package coordconv.layers.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** The relative errors that are promised, against the JDK's functions, all over the range. */
class ExponentialsTest {
    private static void within(double bound, DoubleUnaryOperator exact, DoubleUnaryOperator given, double from, double to) {
        double worst = 0;
        double where = 0;
        for (int i = 0; i <= 20_000; i++) {
            double v = from + (to - from) * i / 20_000;
            double right = exact.applyAsDouble(v);
            double error = right == given.applyAsDouble(v) ? 0 : Math.abs(given.applyAsDouble(v) - right) / Math.abs(right);
            if (!(error <= worst)) {
                worst = error;
                where = v;
            }
        }
        assertTrue(worst <= bound, worst + " at " + where + ", promised " + bound);
    }

    @Test
    void powers() {
        within(0x1p-30, Math::exp, Exponentials::exp, -110, 110);
        within(0x1p-29, Math::expm1, Exponentials::expm1, -110, 110);
        within(0x1p-40, Math::expm1, Exponentials::expm1, -1e-3, 1e-3);
        assertEquals(Exponentials.exp(110), Exponentials.exp(1e30));
        assertEquals(Exponentials.exp(-110), Exponentials.exp(Double.NEGATIVE_INFINITY));
    }

    @Test
    void powersThatAreNothingAreZero() {
        within(0x1p-29, Math::exp, Exponentials::expOrZero, -20, 10);
        assertEquals(1, Exponentials.expOrZero(0));
        assertEquals(0, Exponentials.expOrZero(-46));
        assertEquals(0, Exponentials.expOrZero(-1e30));
        for (double v = -46; v < -20; v += 0.01) {
            double e = Exponentials.expOrZero(v);
            assertTrue(e >= 0 && Math.abs(e - Math.exp(v)) <= 1.1e-20 + 0x1p-30 * Math.exp(v), "exp " + v);
        }
    }

    @Test
    void functionsMadeOfThem() {
        within(0x1p-29, v -> 1 / (1 + Math.exp(-v)), Exponentials::sigmoid, -100, 100);
        within(0x1p-29, Math::tanh, Exponentials::tanh, -50, 50);
        within(0x1p-29, Math::tanh, Exponentials::tanh, -1e-6, 1e-6);
        within(0x1p-30, Math::log1p, Exponentials::log1p, 0, 1);
        within(0x1p-30, Math::log1p, Exponentials::log1p, 0, 1e-9);
        within(0x1p-29, v -> 2 / Math.sqrt(Math.PI) * Math.exp(-v * v), Exponentials::erfGradient, -8, 8);
    }

    @Test
    void aNaNStaysOne() {
        assertEquals(Double.NaN, Exponentials.exp(Double.NaN));
        assertEquals(Double.NaN, Exponentials.expm1(Double.NaN));
        assertEquals(Double.NaN, Exponentials.expOrZero(Double.NaN));
        assertEquals(Double.NaN, Exponentials.erf(Double.NaN));
    }
}
