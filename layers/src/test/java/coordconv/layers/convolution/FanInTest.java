package coordconv.layers.convolution;

import static org.junit.jupiter.api.Assertions.assertEquals;

import coordconv.layers.initialisers.Initialisers;
import org.junit.jupiter.api.Test;

/** The spread of initial weights follows the channels that one output reads: those of its group. */
class FanInTest {
    private static double spread(int channels, int groups) {
        Conv2d layer = new Conv2d(ConvSpec.of(channels, 64, 3).withGroups(groups)
                .withInitialisers(Initialisers.kaimingNormal(0), Initialisers.constant(0)));
        layer.initialise(3);
        double squares = 0;
        for (float w : layer.weight().values()) {
            squares += (double) w * w;
        }
        return Math.sqrt(squares / layer.weight().values().length);
    }

    @Test
    void groupsCountTheirOwnChannels() {
        // Kaiming: the root of 2 over the fan-in. 576 weights estimate it to a few percent.
        assertEquals(Math.sqrt(2.0 / 9), spread(64, 64), 0.1 * Math.sqrt(2.0 / 9));
        assertEquals(Math.sqrt(2.0 / (64 * 9)), spread(64, 1), 0.1 * Math.sqrt(2.0 / (64 * 9)));
    }
}
